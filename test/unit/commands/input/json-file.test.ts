import { expect } from 'chai';
import { symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { toFileError } from '../../../../src/commands/input/file-failure.ts';
import { readJsonFile } from '../../../../src/commands/input/json-file.ts';
import { InputFolder, messageOf } from './input-folder.ts';

function joinBytes(...parts: readonly (string | readonly number[])[]): Uint8Array {
  return Buffer.concat(parts.map((part) => Buffer.from(part as string)));
}

describe('reading an input file', () => {
  let folder: InputFolder;

  beforeEach(() => (folder = new InputFolder()));
  afterEach(() => {
    folder.remove();
  });

  const read = (path: string, what = 'config'): Promise<unknown> =>
    readJsonFile({ path, what }, folder.options);

  it('takes JSON, whatever the file is called', async () => {
    for (const name of ['config.json', 'config.txt', 'config', 'a b']) {
      const path = folder.write(name, ' {"a": ["é"]}\n');
      expect(await read(path)).to.deep.equal({ a: ['é'] });
    }
    expect(folder.warnings).to.deep.equal([]);
  });

  it('takes an empty file for nothing', async () => {
    expect(await read(folder.write('empty', ' \n'))).to.equal(undefined);
  });

  const text = '{"name":"Zürich ∞ 😀"}';
  const utf16 = Buffer.from(`\uFEFF${text}`, 'utf16le');
  const encodings: readonly (readonly [string, Uint8Array])[] = [
    ['UTF-8 with a byte order mark', Buffer.from(`\uFEFF${text}`)],
    ['UTF-16 LE with a byte order mark', utf16],
    ['UTF-16 BE with a byte order mark', Buffer.from(utf16).swap16()],
    ['UTF-16 LE without one', utf16.subarray(2)],
    ['UTF-16 BE without one', Buffer.from(utf16.subarray(2)).swap16()],
  ];
  for (const [name, bytes] of encodings) {
    it(`reads ${name}`, async () => {
      expect(await read(folder.write('encoded', bytes))).to.deep.equal(JSON.parse(text));
    });
  }

  const bad: readonly (readonly [string, Uint8Array, number | undefined])[] = [
    ['Latin-1', Buffer.from('{"table":"Zürich"}', 'latin1'), 1],
    ['Latin-1 on a later line', Buffer.from('{"a":"é",\n"b":\n"\xfc"}\n', 'latin1'), 1],
    ['bad bytes after good ones', joinBytes('{"a":"é",\n"b":\n"', [0xfc], '"}\n'), 3],
    ['bad bytes in a later chunk', joinBytes('{\n'.repeat(100_000), [0xfc], '\n'), 100_001],
    ['a character cut by a chunk', joinBytes(`\n${'x'.repeat(65_534)}`, [0xc3], '\n"'), 2],
    ['a character cut by the end of the file', joinBytes('{}\n\n', [0xc3]), 3],
    ['a surrogate', joinBytes('{"a":\n"', [0xed, 0xa0, 0x80], '"}'), 2],
    ['half a pair in UTF-16', Buffer.from('{\0"\0\0\xd8"\0', 'latin1'), undefined],
  ];
  for (const [name, bytes, line] of bad) {
    it(`refuses ${name} instead of replacing it, and says on which line it is`, async () => {
      const path = folder.write('bad', bytes);
      const place = line === undefined ? '' : ` (line ${line})`;
      expect(await messageOf(read(path))).to.equal(
        `The config file ${path} is not UTF-8 text${place}. Save it as UTF-8.`,
      );
    });
  }

  it('reads characters that are cut by a chunk', async () => {
    const long = `"${'x'.repeat(65_534)}é😀"`;
    for (const text of [long, `  ${long}`, ` ${long}`]) {
      expect(await read(folder.write('long', text))).to.equal(JSON.parse(text));
    }
  });

  it('tells of members that stand more than once', async () => {
    const path = folder.write('twice', '{"a":{"b":1,"b":2}}');
    expect(await read(path, 'catalog')).to.deep.equal({ a: { b: 2 } });
    expect(folder.warnings).to.deep.equal([
      '"a.b" appears more than once in the catalog; the last one is used.',
    ]);
  });

  it('refuses what is no JSON without repeating it, and says where it stops being JSON', async () => {
    const path = folder.write('broken', '{\n  "secret_access_key": "topsecret",\n}');
    expect(await messageOf(read(path))).to.equal(
      `The config file ${path} is not JSON (line 2, column 35: there is an extra comma before the "}"). Correct it there.`,
    );
  });

  it('refuses a file that is not there, or is none', async () => {
    const missing = join(folder.path, 'missing.json');
    expect(await messageOf(read(missing, 'catalog'))).to.include(
      `The catalog file ${missing} does not exist. Check the path`,
    );
    expect(await messageOf(read(folder.path))).to.include('is a folder (EISDIR). Name a file');
    const inFile = join(folder.write('file', '{}'), 'config.json');
    expect(await messageOf(read(inFile))).to.include('part of its path is a file');
    const loop = join(folder.path, 'loop');
    symlinkSync(loop, loop);
    expect(await messageOf(read(loop))).to.include('a symbolic link that leads back to itself');
    expect(await messageOf(read('x'.repeat(5000)))).to.include('the path is too long');
  });

  it('refuses JSON in the place of a path, without repeating it', async () => {
    const message = await messageOf(read('{"secret_access_key": "topsecret"}'));
    expect(message).to.include('--config takes the path of a file, not its content.');
    expect(message).to.not.include('topsecret');
  });

  it('finds the catalog in all that discover prints', async () => {
    const path = folder.write('all', '{"type":"LOG","log":{}}\n{"type":"CATALOG","catalog":{}}\n');
    expect(await read(path, 'catalog')).to.deep.equal({ type: 'CATALOG', catalog: {} });
    expect(await messageOf(read(path))).to.include('is not JSON (line 2,');
  });

  it('names the user and both remedies when it may not read a file', () => {
    const failure = Object.assign(new Error('no'), { code: 'EACCES' });
    const { message } = toFileError({ path: '/mnt/c.json', what: 'config' }, failure, 1000);
    expect(message).to.equal(
      "The config file /mnt/c.json cannot be read (EACCES): this process runs as the user 1000. Make the file and its folder readable by that user, or run the container with docker's --user.",
    );
  });
});
