import { gzipSync } from 'node:zlib';
import { expect } from 'chai';
import { PageBuffer } from '../../../../../src/aws/calls/page-buffer.ts';
import { PageBufferPool } from '../../../../../src/aws/calls/page-buffer-pool.ts';
import { PageLoans } from '../../../../../src/aws/calls/page-loans.ts';
import { ConfigError, TransientError } from '../../../../../src/errors.ts';
import { readDataFile } from '../../../../../src/strategies/export/files/data-file.ts';
import { OpenObject } from '../../../../../src/strategies/export/files/object-reader.ts';
import { Inflater } from '../../../../../src/strategies/export/inflate/inflater.ts';
import { createStop } from '../../../../../src/stop.ts';

const KEY = 'data/first.json.gz';
/** MD5 of nothing, in base64. */
const MD5 = '1B2M2Y8AsgTpgAmY7PhCfg==';
const PART_BYTES = 1 << 20;

/** An empty object with an ETag other than its file's, which counts how often it is closed. */
class CopiedObject {
  releases = 0;

  open(): OpenObject {
    return new OpenObject({
      ...{ key: KEY, size: 0, etag: 'copied', buffer: new PageBuffer(), stop: createStop() },
      fetch: () => Promise.reject(new Error('It has one part.')),
      release: () => {
        this.releases++;
      },
    });
  }
}

/** An object whose first part is there, and whose second one does not come. */
class StuckObject {
  readonly events: string[] = [];
  readonly #body: Buffer;

  constructor(body: Buffer) {
    this.#body = body;
  }

  open(): OpenObject {
    const stop = createStop();
    const buffer = new PageBuffer();
    buffer.start(PART_BYTES);
    buffer.append(this.#body.subarray(0, PART_BYTES));
    return new OpenObject({
      ...{ key: KEY, size: this.#body.length, etag: 'own', buffer, stop },
      fetch: () => this.#wait(stop.signal),
      release: () => void this.events.push('released'),
    });
  }

  #wait(signal: AbortSignal): Promise<never> {
    this.events.push('asked');
    return new Promise((_, reject) => {
      signal.addEventListener('abort', () => {
        this.events.push('aborted');
        reject(signal.reason as Error);
      });
    });
  }
}

describe('the reading of a data file', () => {
  it('closes an object once that was hashed first and cannot be opened again', async () => {
    const object = new CopiedObject();
    const opened = [() => Promise.resolve(object.open())];
    const outage = new TransientError('S3 does not answer.');
    const { signal } = new AbortController();
    const pages = readDataFile({
      file: { key: KEY, name: 'first', itemCount: 0, md5: MD5, etag: 'original' },
      open: () => opened.shift()?.() ?? Promise.reject(outage),
      inflater: new Inflater(),
      loans: new PageLoans(new PageBufferPool({ pages: 1, readers: 1 }), 1),
      openCutter: () => ({ runs: [], take: () => true }),
      ...{ skipped: 0, pageBytes: 100, signal },
    });
    const error: unknown = await pages.next().catch((thrown: unknown) => thrown);
    expect(error).to.equal(outage);
    expect(object.releases).to.equal(1);
  });

  it('tells of a bad line without waiting for the part that is being fetched', async () => {
    const object = new StuckObject(
      gzipSync(Buffer.alloc(3_000_000, 'no line of an export\n'), { level: 0 }),
    );
    const inflater = new Inflater();
    const { signal } = new AbortController();
    const pool = new PageBufferPool({ pages: 1, readers: 1 });
    const pages = readDataFile({
      file: { key: KEY, name: 'first', itemCount: 9, md5: MD5, etag: 'own' },
      open: () => Promise.resolve(object.open()),
      ...{ inflater, loans: new PageLoans(pool, 1) },
      openCutter: () => ({
        runs: [],
        take: () => {
          // By then the next part is asked for.
          expect(object.events).to.deep.equal(['asked']);
          return false;
        },
      }),
      ...{ skipped: 0, pageBytes: 100, signal },
    });
    const error: unknown = await pages.next().catch((thrown: unknown) => thrown);
    expect(error).to.be.instanceOf(ConfigError);
    expect((error as Error).message).to.match(/^Line 1 of the file data\/first\.json\.gz is not/);
    expect(object.events).to.deep.equal(['asked', 'aborted', 'released']);
    await inflater.close();
  });
});
