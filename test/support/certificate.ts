import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

/** A self-signed certificate for 127.0.0.1, in files that are removed when it is disposed of. */
export interface Certificate extends AsyncDisposable {
  readonly keyFile: string;
  readonly certFile: string;
}

/** Makes a certificate with the `openssl` command; rejects where there is none. */
export async function makeCertificate(): Promise<Certificate> {
  const directory = await mkdtemp(join(tmpdir(), 'tls-'));
  const keyFile = join(directory, 'key.pem');
  const certFile = join(directory, 'cert.pem');
  const request =
    'req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -subj /CN=localhost';
  await promisify(execFile)('openssl', [
    ...request.split(' '),
    ...['-addext', 'subjectAltName=IP:127.0.0.1,DNS:localhost'],
    ...['-keyout', keyFile, '-out', certFile],
  ]);
  return {
    keyFile,
    certFile,
    [Symbol.asyncDispose]: () => rm(directory, { recursive: true, force: true }),
  };
}
