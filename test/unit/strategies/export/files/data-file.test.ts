import { expect } from 'chai';
import { PageBuffer } from '../../../../../src/aws/calls/page-buffer.ts';
import { PageBufferPool } from '../../../../../src/aws/calls/page-buffer-pool.ts';
import { PageLoans } from '../../../../../src/aws/calls/page-loans.ts';
import { TransientError } from '../../../../../src/errors.ts';
import { readDataFile } from '../../../../../src/strategies/export/files/data-file.ts';
import { OpenObject } from '../../../../../src/strategies/export/files/object-reader.ts';
import { Inflater } from '../../../../../src/strategies/export/inflate/inflater.ts';
import { createStop } from '../../../../../src/stop.ts';

const KEY = 'data/first.json.gz';
/** MD5 of nothing, in base64. */
const MD5 = '1B2M2Y8AsgTpgAmY7PhCfg==';

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
});
