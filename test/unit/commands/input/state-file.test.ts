import { expect } from 'chai';
import { join } from 'node:path';
import { readStateFile } from '../../../../src/commands/input/state-file.ts';
import { InputFolder, messageOf } from './input-folder.ts';

function stateOf(name: string, state: unknown): string {
  const stream = { stream_descriptor: { name }, stream_state: state };
  return JSON.stringify({ type: 'STATE', state: { type: 'STREAM', stream } });
}

describe('reading a state file', () => {
  let folder: InputFolder;

  beforeEach(() => (folder = new InputFolder()));
  afterEach(() => {
    folder.remove();
  });

  async function readStates(content: string | Uint8Array): Promise<unknown> {
    const { states } = await readStateFile(folder.write('state', content), folder.options);
    return Object.fromEntries(states.names.map((name) => [name, states.get({ name })]));
  }

  const failureOf = (content: string): Promise<string> =>
    messageOf(readStateFile(folder.write('state', content), folder.options));

  const first = stateOf('a', { n: 1 });
  const second = stateOf('a', { n: 2 });

  it('takes an empty file, and one that is not there, for no state', async () => {
    expect(await readStates(' \n\n')).to.deep.equal({});
    expect(folder.warnings).to.deep.equal([]);
    const missing = join(folder.path, 'not-yet.json');
    const { states } = await readStateFile(missing, folder.options);
    expect(states.names).to.deep.equal([]);
    expect(folder.warnings).to.deep.equal([
      `There is no state file ${missing}, so every stream is read from its beginning.`,
    ]);
  });

  it('takes a document of one line or of many, whatever its encoding', async () => {
    const pretty = `\n\n${JSON.stringify([JSON.parse(first)], null, 2)}\n`;
    for (const content of [`[${first}]`, pretty, Buffer.from(`\uFEFF${pretty}`, 'utf16le')]) {
      expect(await readStates(content)).to.deep.equal({ a: { n: 1 } });
    }
  });

  it('takes STATE messages, one a line, and of two for a stream the last', async () => {
    const lines = `${first}\r\n\n${stateOf('b', {})}\n${second}\n`;
    expect(await readStates(lines)).to.deep.equal({ a: { n: 2 }, b: {} });
    expect(folder.warnings).to.deep.equal([]);
  });

  it('takes the whole output of a read, however long', async () => {
    const record = `{"type":"RECORD","record":{"stream":"a","data":{"text":"${'é'.repeat(500)}"}}}\n`;
    const output = `{"type":"LOG","log":{}}\n${first}\n${record.repeat(500)}${second}\n${record}`;
    expect(await readStates(output)).to.deep.equal({ a: { n: 2 } });
  });

  it('passes over lines of a log that went to the same file', async () => {
    const output = `(node:7) Warning: x\n[main] INFO begins\n${first}\n2026-11-26 reads\n${second}\n[2026-11-26] ends`;
    expect(await readStates(output)).to.deep.equal({ a: { n: 2 } });
    expect(await readStates(`starts\n${JSON.stringify(JSON.parse(first), null, 2)}`)).to.deep.equal(
      {
        a: { n: 1 },
      },
    );
    expect(folder.warnings).to.deep.equal([]);
  });

  it('refuses a state behind other text, and says in which line', async () => {
    for (const mark of [first, '{"streamDescriptor":{"name":"a"}}']) {
      const message = await failureOf(`${first}\nplatform > ${mark}\n`);
      expect(message).to.include('has text before a state (line 2)');
    }
  });

  it('names the line of bytes that are not text', async () => {
    for (const before of [`${first}\n`, `${first}\n`.repeat(2000)]) {
      const content = Buffer.concat([Buffer.from(before), Buffer.from([0x7b, 0xfc, 0x0a])]);
      const path = folder.write('state', content);
      expect(await messageOf(readStateFile(path, folder.options))).to.equal(
        `The state file ${path} is not UTF-8 text (line ${before.split('\n').length}). Save it as UTF-8.`,
      );
    }
  });

  it('refuses text alone', async () => {
    expect(await failureOf('region: us-east-1\ntables: []\n')).to.include('is not JSON (line 1,');
  });

  it('refuses a state in the place of its path, without repeating it', async () => {
    const message = await messageOf(readStateFile(`[${first}]`, folder.options));
    expect(message).to.include('--state takes the path of a file').and.not.include('scan');
    expect(message).to.not.include('stream_state');
    expect(folder.warnings).to.deep.equal([]);
  });

  for (const [name, rest] of [
    ['a STATE message', second.slice(0, 90)],
    ['a record', '{"type":"RECORD","record":{"stream":"a","data":{"pk":"'],
    ['a character', Buffer.from('{"type":"RECORD","record":{"stream":"é').subarray(0, -1)],
  ] as const) {
    it(`leaves out a last line that ends within ${name}, with a warning`, async () => {
      const content = Buffer.concat([Buffer.from(`${first}\n`), Buffer.from(rest)]);
      expect(await readStates(content)).to.deep.equal({ a: { n: 1 } });
      expect(folder.warnings).to.have.lengthOf(1);
      expect(folder.warnings[0]).to.include('line 2, is incomplete and was ignored');
    });
  }

  it('takes a last line that is whole but for its end', async () => {
    expect(await readStates(`${first}\n${second}`)).to.deep.equal({ a: { n: 2 } });
    expect(folder.warnings).to.deep.equal([]);
  });

  it('refuses a broken line anywhere else, and says which', async () => {
    const cut = second.slice(0, 90);
    for (const [content, line] of [
      [`${cut}\n${first}\n`, 1],
      [`${first}\n${cut}\n${second}\n`, 2],
      [`${first}\n\n${cut}\n`, 3],
      [`{"type":"LOG","log":{}}\n${cut}`, 2],
      [cut, 1],
    ] as const) {
      expect(await failureOf(content)).to.match(new RegExp(`is not JSON \\(line ${line}, column`));
    }
  });

  it('refuses a state behind a record that was cut off, instead of going on from the state before', async () => {
    const cut = '{"type":"RECORD","record":{"stream":"a","data":{"pk":"x';
    for (const end of ['\n', '\r\n', `\n{"type":"LOG","log":{}}\n`]) {
      const message = await failureOf(`${first}\n${cut}${second}${end}`);
      expect(message).to.include('is not JSON (line 2, column');
    }
  });

  it('passes over a record that was cut off, with the first message of the next read behind it', async () => {
    const cut = '{"type":"RECORD","record":{"stream":"a","data":{"pk":"x';
    const status = { stream_descriptor: { name: 'a' }, status: 'STARTED' };
    const trace = { type: 'TRACE', trace: { type: 'STREAM_STATUS', stream_status: status } };
    for (const behind of ['{"type":"LOG","log":{}}', JSON.stringify(trace)]) {
      expect(await readStates(`${first}\n${cut}${behind}\n${second}\n`)).to.deep.equal({
        a: { n: 2 },
      });
    }
    expect(folder.warnings).to.deep.equal([]);
  });

  it('takes records that look like states, whatever ends their lines', async () => {
    const inside = { stream_descriptor: { name: 'a' }, stream_state: { n: 3 }, type: 'STATE' };
    for (const emittedAt of [{}, { emitted_at: 1795719704344 }]) {
      const record = { stream: 'a', data: inside, ...emittedAt };
      const line = JSON.stringify({ type: 'RECORD', record });
      expect(await readStates(`${line}\r\n${first}\r\n${line}\n`)).to.deep.equal({ a: { n: 1 } });
    }
    expect(folder.warnings).to.deep.equal([]);
  });

  it('names the line of an entry that is no state', async () => {
    expect(await failureOf(`${first}\n{"type":"STATE","state":{"a":1}}\n`)).to.include(
      'line 2, "state" has no stream.stream_descriptor.name',
    );
  });

  it('tells of members that stand more than once', async () => {
    const twice = first.replace('"n":1', '"n":1,"n":3');
    expect(await readStates(twice)).to.deep.equal({ a: { n: 3 } });
    expect(folder.warnings).to.deep.equal([
      '"state.stream.stream_state.n" appears more than once in the state; the last one is used.',
    ]);
  });
});
