import { createHash } from 'node:crypto';
import { gunzipSync, gzipSync, type ZlibOptions } from 'node:zlib';
import { expect } from 'chai';
import { SystemError } from '../../../../src/errors.ts';
import { GzipError } from '../../../../src/strategies/export/inflate/gzip-error.ts';
import { InflatedFile } from '../../../../src/strategies/export/inflate/inflated-file.ts';
import { Inflater } from '../../../../src/strategies/export/inflate/inflater.ts';
import { type Random, seededRandom } from '../../../support/seeded-random.ts';

const CHUNK_BYTES = 1 << 20;

describe('inflating', () => {
  const inflater = new Inflater();
  after(() => inflater.close());

  function openFile(parts: AsyncIterable<Uint8Array>, by = inflater): InflatedFile {
    return new InflatedFile(by, { readParts: () => parts, stop: () => undefined });
  }

  /** Resolves to what came of the bytes, handed over in parts of so many. */
  async function inflate(body: Buffer, partBytes = 1 << 20): Promise<Buffer> {
    const file = openFile(cut(body, partBytes));
    const chunks: Buffer[] = [];
    for await (const chunk of file.readChunks(CHUNK_BYTES)) chunks.push(Buffer.from(chunk));
    expect(file.md5).to.equal(createHash('md5').update(body).digest('base64'));
    return Buffer.concat(chunks);
  }

  async function refusal(body: Buffer, partBytes = 100): Promise<string> {
    try {
      await inflate(body, partBytes);
    } catch (error) {
      expect(error).to.be.an.instanceOf(GzipError);
      return (error as Error).message;
    }
    return 'none';
  }

  for (const [name, options] of [
    ['the usual codes', {}],
    ['stored blocks', { level: 0 }],
  ] as const satisfies readonly (readonly [string, ZlibOptions])[]) {
    it(`brings back what was compressed with ${name}, however it is cut`, async () => {
      for (let seed = 0; seed < 12; seed++) {
        const random = seededRandom(seed);
        const data = createData(random);
        const partBytes = seed % 3 === 0 ? 1 << 20 : 1 + Math.floor(random() * 5000);
        const restored = await inflate(gzipSync(data, options), partBytes);
        expect(restored.equals(data), `seed ${seed}`).to.equal(true);
      }
    });
  }

  it('takes bytes one at a time', async () => {
    const data = createData(seededRandom(99)).subarray(0, 3000);
    expect((await inflate(gzipSync(data), 1)).equals(data)).to.equal(true);
  });

  it('goes on with the next member, and takes nothing for an empty file', async () => {
    const members = [Buffer.from('one'), Buffer.alloc(0), Buffer.alloc(700_000, 'two')];
    const body = Buffer.concat(members.map((member) => gzipSync(member)));
    expect((await inflate(body, 77)).equals(Buffer.concat(members))).to.equal(true);
    expect(await inflate(Buffer.alloc(0))).to.have.length(0);
  });

  it('refuses what ends too early, wherever that is', async () => {
    const body = gzipSync(createData(seededRandom(5)).subarray(0, 400));
    for (let end = 1; end < body.length; end++) {
      expect(await refusal(body.subarray(0, end)), `${end} bytes`).to.equal(
        'unexpected end of file',
      );
    }
  });

  it('never brings anything else of a damaged file without refusing it', async () => {
    const data = createData(seededRandom(6)).subarray(0, 1000);
    const body = gzipSync(data);
    const reasons = new Set<string>();
    for (let at = 0; at < body.length; at++) {
      const damaged = Buffer.from(body);
      damaged[at] = (damaged[at] ?? 0) ^ (1 << (at % 8));
      const reason = await refusal(damaged);
      reasons.add(reason);
      if (reason === 'none') expect(gunzipSync(damaged).equals(data), `byte ${at}`).to.equal(true);
    }
    expect([...reasons]).to.include.members(['incorrect header check', 'incorrect data check']);
  });

  it('refuses what is behind the end, wherever it is cut', async () => {
    const body = gzipSync('data');
    for (let partBytes = 1; partBytes < body.length + 9; partBytes++) {
      for (const garbage of [Buffer.from('more'), Buffer.alloc(9)]) {
        const reason = await refusal(Buffer.concat([body, garbage]), partBytes);
        expect(reason, `parts of ${partBytes} bytes`).to.be.oneOf([
          'incorrect header check',
          'garbage behind the end',
        ]);
      }
    }
  });

  it('can be given up in the middle', async () => {
    const data = createData(seededRandom(11));
    const body = gzipSync(data);
    for (let count = 0; count < 8; count++) {
      let isDone = false;
      const parts = async function* (): AsyncGenerator<Uint8Array> {
        try {
          yield* cut(body, 10_000);
        } finally {
          isDone = true;
        }
      };
      const chunks = openFile(parts()).readChunks(1000);
      for (let read = 0; read < count; read++) {
        const { value } = (await chunks.next()) as IteratorYieldResult<Buffer>;
        expect(value.equals(data.subarray(1000 * read, 1000 * (read + 1)))).to.equal(true);
      }
      await chunks.return(undefined);
      expect(isDone).to.equal(count > 0);
    }
    expect((await inflate(body)).equals(data)).to.equal(true);
  });

  it('passes on the failure of its parts, and goes on with another file', async () => {
    const parts = async function* (): AsyncGenerator<Uint8Array> {
      yield await Promise.resolve(gzipSync('data').subarray(0, 12));
      throw new RangeError('no more');
    };
    for (let file = 0; file < 6; file++) {
      const { message } = await failureOf(openFile(parts()));
      expect(message).to.equal('no more');
    }
  });

  it('fails in plain words when its thread cannot start or ends', async () => {
    for (const code of [
      'throw new Error("broken")',
      'process.exit(3)',
      'export * from "./gone.js"',
    ]) {
      const broken = new Inflater(new URL(`data:text/javascript,${encodeURIComponent(code)}`));
      const file = openFile(cut(gzipSync('data'), 100), broken);
      const error = await failureOf(file);
      expect(error).to.be.an.instanceOf(SystemError);
      expect(error.message).to.include('The thread that decompresses files of exports has failed');
      await broken.close();
    }
  });
});

async function failureOf(file: InflatedFile): Promise<Error> {
  try {
    const chunks = file.readChunks(CHUNK_BYTES);
    while ((await chunks.next()).done !== true);
  } catch (error) {
    return error as Error;
  }
  return expect.fail('it did not fail');
}

async function* cut(body: Buffer, partBytes: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < body.length; at += partBytes) {
    yield await Promise.resolve(body.subarray(at, at + partBytes));
  }
}

/** Up to a megabyte in which random bytes, words, and repetitions near and far follow each other. */
function createData(random: Random): Buffer {
  const below = (limit: number): number => Math.floor(random() * limit);
  const size = 1 + below(1 << 20);
  const data = Buffer.alloc(size + 5000);
  for (let at = 0; at < size;) {
    const length = 1 + below(below(10) === 0 ? 5000 : 300);
    const kind = below(4);
    if (kind === 0) for (let index = 0; index < length; index++) data[at + index] = below(256);
    else if (kind === 1) data.fill(below(256), at, at + length);
    else if (kind === 2) data.write('lorem ipsum dolor sit amet '.repeat(200).slice(0, length), at);
    else {
      const from = at - 1 - below(Math.min(at, 40_000));
      for (let index = 0; index < length; index++) data[at + index] = data[from + index] ?? 0;
    }
    at += length;
  }
  return data.subarray(0, size);
}
