import type { HttpRequest } from '@smithy/types';
import type { S3EndpointConfig } from '../../config/config.ts';
import type { ConnectorError } from '../../errors.ts';
import { AwsHttp, hostOf } from '../calls/aws-http.ts';
import { PageBuffer } from '../calls/page-buffer.ts';
import { sendMended } from '../calls/send-mended.ts';
import { S3_TIMEOUTS } from '../calls/timeouts.ts';
import type { DynamoDbConnection, ServiceConnection } from '../connection.ts';
import { classifyError } from '../errors/classify-error.ts';
import type { ResponseHead } from '../http/response-parser.ts';
import { SigningKeys } from '../signing/signing-keys.ts';
import { addressBucket } from './bucket-address.ts';
import { S3Error } from './s3-error.ts';
import { signRequest } from './sign-request.ts';
import { decodeXml, readElement, readElements } from './xml.ts';

/** A bucket, and where it is. */
export interface BucketOptions {
  readonly bucket: string;
  /** Where it is looked for first; S3 says where it really is. */
  readonly region: string;
  /** The account that must own the bucket; any without it. */
  readonly owner?: string;
  readonly endpoint: S3EndpointConfig;
}

/** A stretch of an object that was asked for. */
export interface ObjectRange {
  readonly key: string;
  /** Index of the first byte. */
  readonly from: number;
  /** Bytes that are wanted at most. */
  readonly length: number;
  /** The object must still have this ETag. */
  readonly etag?: string | undefined;
}

/** What came of an object; its bytes are in the buffer. */
export interface ObjectPart {
  /** Bytes of the whole object. */
  readonly size: number;
  /** Without its quotes. */
  readonly etag: string;
}

const IN_ANOTHER_REGION = [
  'PermanentRedirect',
  'TemporaryRedirect',
  'AuthorizationHeaderMalformed',
];
const NOTHING_THERE = 416;

/** Reads a bucket, in whatever region it is. Nothing is ever written or deleted. Each request is sent once. */
export class S3Bucket implements ServiceConnection {
  readonly isLocalAndSilent = false;
  readonly #options: BucketOptions;
  readonly #connection: DynamoDbConnection;
  readonly #http: AwsHttp;
  #region: string;
  #keys: SigningKeys;

  /** @param connection whose credentials, clock and proxies are used. */
  constructor(options: BucketOptions, connection: DynamoDbConnection) {
    const { findProxy, clock } = connection;
    this.#options = options;
    this.#connection = connection;
    this.#http = new AwsHttp({ findProxy, clock, timeouts: S3_TIMEOUTS });
    this.#region = options.region;
    this.#keys = keysOf(options.region);
  }

  get name(): string {
    return this.#options.bucket;
  }

  get credentials(): ServiceConnection['credentials'] {
    return this.#connection.credentials;
  }

  get clock(): ServiceConnection['clock'] {
    return this.#connection.clock;
  }

  /** A failure of a call as an error of ours. */
  classify(thrown: unknown, action: string, resource?: string): ConnectorError {
    const { endpoint, bucket } = this.#options;
    return classifyError(thrown, {
      ...{ service: 's3', action, region: this.#region, resource: resource ?? `s3://${bucket}` },
      ...(endpoint.endpoint !== undefined && { endpoint: endpoint.endpoint }),
    });
  }

  /**
   * Reads a stretch of an object into the buffer.
   *
   * @see https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObject.html
   * @throws S3Error, what AwsHttp throws, or what the credentials throw.
   */
  async get(
    { key, from, length, etag }: ObjectRange,
    buffer: PageBuffer,
    signal: AbortSignal,
  ): Promise<ObjectPart> {
    const headers = {
      range: `bytes=${from}-${from + length - 1}`,
      ...(etag !== undefined && { 'if-match': `"${etag}"` }),
    };
    const head = await this.#send({ key, query: {}, headers }, buffer, signal);
    return toPart(head, buffer);
  }

  /**
   * The folders right below a prefix, and whether there may be more behind them.
   *
   * @param after the folder of the list that comes before the first one wanted.
   * @see https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListObjectsV2.html
   * @throws as `get`.
   */
  async listFolders(prefix: string, signal: AbortSignal, token?: string): Promise<FolderPage> {
    const buffer = new PageBuffer();
    const query = {
      ...{ 'list-type': '2', delimiter: '/', 'encoding-type': 'url', prefix },
      ...(token !== undefined && { 'continuation-token': token }),
    };
    await this.#send({ key: '', query, headers: {} }, buffer, signal);
    const xml = buffer.body.toString();
    const folders = readElements(xml, 'CommonPrefixes').map((entry) =>
      decodeURIComponent(decodeXml(readElement(entry, 'Prefix') ?? '').replaceAll('+', '%20')),
    );
    const next = readElement(xml, 'NextContinuationToken');
    return { folders, ...(next !== undefined && { nextToken: decodeXml(next) }) };
  }

  /** Closes the connections that are not in use. */
  close(): void {
    this.#http.close();
  }

  async #send(request: UnsignedRequest, buffer: PageBuffer, signal: AbortSignal) {
    return sendMended(this, async () => {
      try {
        return await this.#sendOnce(request, buffer, signal);
      } catch (error) {
        if (!this.#moves(error)) throw error;
        return this.#sendOnce(request, buffer, signal);
      }
    });
  }

  /** Whether the bucket turned out to be in another region, which is asked from now on. */
  #moves(error: unknown): boolean {
    if (!(error instanceof S3Error) || !IN_ANOTHER_REGION.includes(error.name)) return false;
    const { bucketRegion } = error;
    if (bucketRegion === undefined || bucketRegion === this.#region) return false;
    this.#region = bucketRegion;
    this.#keys = keysOf(bucketRegion);
    return true;
  }

  async #sendOnce(
    { headers, ...request }: UnsignedRequest,
    buffer: PageBuffer,
    signal: AbortSignal,
  ): Promise<ResponseHead> {
    const { bucket, owner, endpoint } = this.#options;
    const identity = await this.credentials.provide();
    signal.throwIfAborted();
    const signed: HttpRequest = signRequest(
      {
        ...request,
        address: addressBucket(bucket, this.#region, endpoint),
        headers: {
          ...headers,
          ...(owner !== undefined && { 'x-amz-expected-bucket-owner': owner }),
        },
      },
      { credentials: identity, keys: this.#keys, date: new Date(this.clock.now()) },
    );
    const head = await this.#http.send(signed, buffer, { signal, keepsCoding: true });
    if (head.statusCode < 300 || head.statusCode === NOTHING_THERE) return head;
    const error = new S3Error(head.statusCode, head.headers, buffer.body);
    throw Object.assign(error, { host: hostOf(signed) });
  }
}

/** A page of a list of folders. */
export interface FolderPage {
  readonly folders: readonly string[];
  readonly nextToken?: string;
}

interface UnsignedRequest {
  readonly key: string;
  readonly query: Readonly<Record<string, string>>;
  readonly headers: Readonly<Record<string, string>>;
}

function keysOf(region: string): SigningKeys {
  return new SigningKeys(`${region}/s3/aws4_request`);
}

/** An empty object has no first byte, so S3 says that the range cannot be had. */
function toPart({ statusCode, headers }: ResponseHead, buffer: PageBuffer): ObjectPart {
  const etag = (headers.etag ?? '').replace(/^"|"$/g, '');
  const [, total] = /\/(\d+)$/.exec(headers['content-range'] ?? '') ?? [];
  if (statusCode === NOTHING_THERE) {
    buffer.start(0);
    return { size: Number(total ?? 0), etag };
  }
  return { size: total === undefined ? buffer.body.length : Number(total), etag };
}
