import { expect } from 'chai';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readJsonFile, readStateFile } from '../../../src/commands/input-file.ts';
import { ConfigError } from '../../../src/errors.ts';

describe('reading an input file', () => {
  let folder: string;

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'input-file-'));
  });

  after(() => rm(folder, { recursive: true }));

  async function write(name: string, content: string): Promise<string> {
    const path = join(folder, name);
    await writeFile(path, content);
    return path;
  }

  async function messageOf(reading: Promise<unknown>): Promise<string> {
    try {
      await reading;
    } catch (error) {
      expect(error).to.be.instanceOf(ConfigError);
      return (error as ConfigError).message;
    }
    return 'no error';
  }

  const readState = (path: string): Promise<unknown> =>
    readStateFile(path, () => expect.fail('the file is there'));

  it('takes JSON, whatever the file is called', async () => {
    for (const name of ['config.json', 'config.txt', 'config', 'a b']) {
      const path = await write(name, ' {"a": ["é"]}\n');
      expect(await readJsonFile(path, 'config')).to.deep.equal({ a: ['é'] });
      expect(await readState(path)).to.deep.equal({ a: ['é'] });
    }
  });

  it('takes an empty file for nothing', async () => {
    const path = await write('empty', ' \n');
    expect(await readJsonFile(path, 'config')).to.equal(undefined);
    expect(await readState(path)).to.equal(undefined);
  });

  it('takes a state as messages, one a line', async () => {
    const path = await write('state', '{"type":"STATE","n":1}\n\n{"type":"STATE","n":2}\n');
    expect(await readState(path)).to.deep.equal([
      { type: 'STATE', n: 1 },
      { type: 'STATE', n: 2 },
    ]);
  });

  it('takes a state file that is not there for no state, and tells of it', async () => {
    let told = 0;
    expect(await readStateFile(join(folder, 'not-yet.json'), () => told++)).to.equal(undefined);
    expect(told).to.equal(1);
  });

  it('refuses what is no JSON without repeating it', async () => {
    const path = await write('broken', '{"secret_access_key": "topsecret"');
    for (const reading of [readJsonFile(path, 'config'), readState(path)]) {
      const message = await messageOf(reading);
      expect(message).to.include(path).and.include('is not JSON');
      expect(message).not.to.include('topsecret');
    }
  });

  it('refuses a file that is not there, or is none', async () => {
    const missing = join(folder, 'missing.json');
    expect(await messageOf(readJsonFile(missing, 'catalog'))).to.equal(
      `The catalog file ${missing} does not exist.`,
    );
    expect(await messageOf(readState(folder))).to.equal(
      `The state file ${folder} cannot be read (EISDIR).`,
    );
  });
});
