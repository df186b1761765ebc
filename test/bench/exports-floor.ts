import { request } from 'node:http';
import { createGunzip } from 'node:zlib';

// The least that a reader of exports does: fetch every file and inflate it, so many at a time, and drop the bytes.
const [url = '', files = '0', concurrency = '1'] = process.argv.slice(2);
let next = 0;

async function readFiles(): Promise<void> {
  while (next < Number(files)) {
    const index = next++;
    await new Promise<void>((resolve, reject) => {
      const sent = request(`${url}/${index}`, (response) => {
        const gunzip = createGunzip({ chunkSize: 256 * 1024 });
        gunzip.on('data', () => undefined);
        gunzip.on('end', resolve);
        gunzip.on('error', reject);
        response.pipe(gunzip);
      });
      sent.on('error', reject);
      sent.end();
    });
  }
}

await Promise.all(Array.from({ length: Number(concurrency) }, () => readFiles()));
