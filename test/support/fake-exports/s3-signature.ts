import { createHash, createHmac } from 'node:crypto';
import type { IncomingMessage } from 'node:http';

/** Whether a request of S3 without a body is signed with a secret, worked out as S3 documents it. */
export function isSignedForS3(message: IncomingMessage, secret: string): boolean {
  const [, scope = '', names = '', signature] =
    /Credential=[^/]+\/([^,]+), SignedHeaders=([^,]+), Signature=([0-9a-f]+)/.exec(
      message.headers.authorization ?? '',
    ) ?? [];
  const [path = '', query = ''] = (message.url ?? '').split('?');
  const headers = names.split(';').map((name) => `${name}:${String(message.headers[name])}\n`);
  const request = [
    'GET',
    path,
    query.split('&').sort().join('&'),
    headers.join(''),
    names,
    String(message.headers['x-amz-content-sha256']),
  ].join('\n');
  const date = String(message.headers['x-amz-date']);
  const text = ['AWS4-HMAC-SHA256', date, scope, sha256(request)].join('\n');
  const key = scope.split('/').reduce<string | Buffer>(hmac, `AWS4${secret}`);
  return scope.endsWith('/s3/aws4_request') && hmac(key, text).toString('hex') === signature;
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

function hmac(key: string | Buffer, text: string): Buffer {
  return createHmac('sha256', key).update(text).digest();
}
