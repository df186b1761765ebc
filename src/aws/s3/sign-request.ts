import { hash } from 'node:crypto';
import type { AwsCredentialIdentity, HttpRequest } from '@smithy/types';
import { encode, joinSorted } from '../signing/canonical-uri.ts';
import { sign, type SigningKeys } from '../signing/signing-keys.ts';
import type { BucketAddress } from './bucket-address.ts';

const HASH_OF_NOTHING = hash('sha256', '');

/** A request of S3 without a body. */
export interface S3Request {
  readonly address: BucketAddress;
  /** Of the object; empty for the bucket itself. */
  readonly key: string;
  readonly query: Readonly<Record<string, string>>;
  /** Those that begin with `x-amz-` are signed. Names are in lower case. */
  readonly headers: Readonly<Record<string, string>>;
}

/** Who signs, and when. */
export interface S3Signer {
  readonly credentials: AwsCredentialIdentity;
  readonly keys: SigningKeys;
  readonly date: Date;
}

/**
 * Signs a GET request. S3, unlike other services, signs the path as it is sent.
 *
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/sig-v4-header-based-auth.html
 */
export function signRequest(request: S3Request, signer: S3Signer): HttpRequest {
  const { address, key, query } = request;
  const path = encodePath(`${address.path}${key}`);
  const date = signer.date.toISOString().replace(/[-:]|\.\d+/g, '');
  const { sessionToken: token = '' } = signer.credentials;
  const headers: Record<string, string> = {
    ...request.headers,
    host: address.port === undefined ? address.hostname : `${address.hostname}:${address.port}`,
    'x-amz-content-sha256': HASH_OF_NOTHING,
    'x-amz-date': date,
    ...(token !== '' && { 'x-amz-security-token': token }),
  };
  headers.authorization = authorize(`GET\n${path}\n${joinSorted(query)}`, headers, signer);
  return { ...address, method: 'GET', path, query: { ...query }, headers };
}

function authorize(
  target: string,
  headers: Readonly<Record<string, string>>,
  { credentials, keys }: S3Signer,
): string {
  const names = Object.keys(headers).filter((name) => name === 'host' || name.startsWith('x-amz-'));
  const signed = names.sort();
  const lines = signed.map((name) => `${name}:${(headers[name] ?? '').trim()}\n`).join('');
  const signedHeaders = signed.join(';');
  const { 'x-amz-date': date = '' } = headers;
  const { scope, key } = keys.derive(credentials.secretAccessKey, date.slice(0, 8));
  const canonical = `${target}\n${lines}\n${signedHeaders}\n${HASH_OF_NOTHING}`;
  const signature = sign(key, `AWS4-HMAC-SHA256\n${date}\n${scope}\n${hash('sha256', canonical)}`);
  return `AWS4-HMAC-SHA256 Credential=${credentials.accessKeyId}/${scope}, SignedHeaders=${signedHeaders}, Signature=${signature.toString('hex')}`;
}

function encodePath(path: string): string {
  return path.split('/').map(encode).join('/');
}
