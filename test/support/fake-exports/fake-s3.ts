import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { closeHttpServer, listenLocally } from '../listen.ts';
import { type Bucket, etagOf } from './export-writer.ts';
import { isSignedForS3 } from './s3-signature.ts';

/** An answer of S3 other than success. */
export interface S3Refusal {
  readonly status: number;
  readonly code: string;
  readonly message: string;
  /** What S3 says where the bucket is. */
  readonly region?: string;
}

/** S3 with one bucket, under the path of its name. */
export interface FakeS3 {
  readonly endpoint: string;
  readonly bucket: string;
  readonly objects: Bucket;
  /** Keys that were asked for, with the ranges, and lists as `?prefix`. */
  readonly requests: string[];
  /** Says what happens to a request instead of its answer. */
  refuse: (key: string, message: IncomingMessage) => S3Refusal | undefined;
  /** ETags that are not those of the objects as DynamoDB stored them. */
  readonly etags: Map<string, string>;
  stop(): Promise<void>;
}

const BUCKET = 'my-exports';

/**
 * Starts S3 on a free port of 127.0.0.1. Requests that are not signed with the secret are refused.
 *
 * @param now milliseconds since 1970 by the clock of S3, which its answers tell; that of this machine by default.
 */
export async function startFakeS3(secret: string, now = Date.now): Promise<FakeS3> {
  const server = createServer((message, response) => {
    answer(message, response);
  });
  const port = await listenLocally(server);
  const s3: FakeS3 = {
    endpoint: `http://127.0.0.1:${port}`,
    bucket: BUCKET,
    objects: new Map(),
    requests: [],
    refuse: () => undefined,
    etags: new Map(),
    stop: () => closeHttpServer(server),
  };
  function answer(message: IncomingMessage, response: ServerResponse): void {
    response.setHeader('date', new Date(now()).toUTCString());
    const url = new URL(message.url ?? '', s3.endpoint);
    const [, named = '', key = ''] = /^\/([^/]+)\/(.*)$/.exec(url.pathname) ?? [];
    const name = decodeURIComponent(key);
    s3.requests.push(name === '' ? `?${url.searchParams.get('prefix') ?? ''}` : name);
    const refusal = isSignedForS3(message, secret)
      ? s3.refuse(name, message)
      : { status: 403, code: 'SignatureDoesNotMatch', message: 'The signature does not match.' };
    if (refusal !== undefined) sendRefusal(response, refusal);
    else if (named !== BUCKET) sendRefusal(response, missing('NoSuchBucket'));
    else if (name === '') sendList(response, s3.objects, url.searchParams);
    else sendObject(message, response, s3, name);
  }
  return s3;
}

function missing(code: string): S3Refusal {
  return { status: 404, code, message: 'The specified thing does not exist.' };
}

function sendObject(
  { headers }: IncomingMessage,
  response: ServerResponse,
  { objects, etags }: FakeS3,
  key: string,
): void {
  const body = objects.get(key);
  if (body === undefined) {
    sendRefusal(response, missing('NoSuchKey'));
    return;
  }
  const etag = `"${etags.get(key) ?? etagOf(body)}"`;
  response.setHeader('etag', etag);
  if (headers['if-match'] !== undefined && headers['if-match'] !== etag) {
    sendRefusal(response, { status: 412, code: 'PreconditionFailed', message: 'Not met.' });
    return;
  }
  const [, first, last] = /^bytes=(\d+)-(\d+)$/.exec(headers.range ?? '') ?? [];
  const from = Number(first ?? 0);
  const to = Math.min(Number(last ?? Infinity), body.length - 1);
  if (first !== undefined && from >= body.length) {
    response.setHeader('content-range', `bytes */${body.length}`);
    sendRefusal(response, { status: 416, code: 'InvalidRange', message: 'Not satisfiable.' });
    return;
  }
  if (first !== undefined)
    response.setHeader('content-range', `bytes ${from}-${to}/${body.length}`);
  response.writeHead(first === undefined ? 200 : 206);
  response.end(body.subarray(from, to + 1));
}

const FOLDERS_A_PAGE = 3;

/** Folders below the prefix, a few a page. */
function sendList(response: ServerResponse, objects: Bucket, query: URLSearchParams): void {
  const prefix = query.get('prefix') ?? '';
  const folders = [...objects.keys()]
    .filter((key) => key.startsWith(prefix))
    .map((key) => /^[^/]*\//.exec(key.slice(prefix.length))?.[0])
    .filter((folder) => folder !== undefined);
  const all = [...new Set(folders)].sort();
  const start = Number(query.get('continuation-token') ?? 0);
  const next = start + FOLDERS_A_PAGE;
  const entries = all
    .slice(start, next)
    .map(
      (name) =>
        `<CommonPrefixes><Prefix>${encodeURIComponent(prefix + name)}</Prefix></CommonPrefixes>`,
    );
  const token = next < all.length ? `<NextContinuationToken>${next}</NextContinuationToken>` : '';
  response.writeHead(200, { 'content-type': 'application/xml' });
  response.end(
    `<?xml version="1.0"?><ListBucketResult><Prefix>${encodeURIComponent(prefix)}</Prefix>${entries.join('')}${token}</ListBucketResult>`,
  );
}

function sendRefusal(response: ServerResponse, { status, code, message, region }: S3Refusal): void {
  if (region !== undefined) response.setHeader('x-amz-bucket-region', region);
  response.writeHead(status, { 'content-type': 'application/xml' });
  response.end(
    `<?xml version="1.0"?><Error><Code>${code}</Code><Message>${message}</Message></Error>`,
  );
}
