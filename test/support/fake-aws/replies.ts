import { crc32, gzipSync } from 'node:zlib';

/** An HTTP answer that is sent as it stands. */
export interface FullReply {
  readonly kind: 'full';
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

/** What the fake does with a request. */
export type Reply =
  | FullReply
  /** Announces the whole length, sends `sentBytes` of the body, then ends or resets the connection. */
  | {
      readonly kind: 'truncated';
      readonly reply: FullReply;
      readonly sentBytes: number;
      readonly end: ConnectionEnd;
    }
  /** Resets the connection without an answer. */
  | { readonly kind: 'reset' }
  /** Says nothing until the promise gives the real reply. */
  | { readonly kind: 'hang'; readonly next: Promise<Reply> };

/** `fin` closes the sending side in good order, `reset` breaks the connection. */
export type ConnectionEnd = 'fin' | 'reset';

export interface ErrorOptions {
  /** 400 by default, as for most of DynamoDB's errors. */
  readonly status?: number;
  readonly throttlingReasons?: readonly ThrottlingReason[];
}

export interface ThrottlingReason {
  /** `TableReadProvisionedThroughputExceeded`, `TableReadKeyRangeThroughputExceeded`, … */
  readonly reason: string;
  /** The ARN of the table or index. */
  readonly resource: string;
}

const JSON_TYPE = 'application/x-amz-json-1.0';
/** Namespaces of DynamoDB's error names; what the protocol layer in front of it throws has the other one. */
const DYNAMODB_ERRORS = 'com.amazonaws.dynamodb.v20120810#';
const FRONT_ERRORS = 'com.amazon.coral.service#';
const FRONT_ERROR_NAMES: ReadonlySet<string> = new Set([
  ...['AccessDeniedException', 'UnrecognizedClientException', 'ExpiredTokenException'],
  ...['InvalidSignatureException', 'IncompleteSignatureException', 'SerializationException'],
  ...['MissingAuthenticationTokenException', 'UnknownOperationException', 'ThrottlingException'],
]);

/** A successful answer of DynamoDB with the right `x-amz-crc32`. */
export function success(output: object): FullReply {
  return successBytes(Buffer.from(JSON.stringify(output)));
}

/** The same for JSON text that must not be parsed and written anew. */
export function successBytes(body: Buffer): FullReply {
  return withCrc({ kind: 'full', status: 200, headers: { 'content-type': JSON_TYPE }, body });
}

/** An error as DynamoDB answers it. The name comes without its namespace. */
export function awsError(name: string, message: string, options: ErrorOptions = {}): FullReply {
  const { status = 400, throttlingReasons } = options;
  const type = (FRONT_ERROR_NAMES.has(name) ? FRONT_ERRORS : DYNAMODB_ERRORS) + name;
  // Only this one spells its message with a capital.
  const messageName = name === 'AccessDeniedException' ? 'Message' : 'message';
  const body = {
    __type: type,
    [messageName]: message,
    ...(throttlingReasons === undefined ? {} : { ThrottlingReasons: throttlingReasons }),
  };
  return { ...success(body), status };
}

/** Any bytes, for answers of proxies and load balancers; no CRC. */
export function rawReply(
  status: number,
  body: string | Buffer,
  headers: Readonly<Record<string, string>> = {},
): FullReply {
  return { kind: 'full', status, headers, body: Buffer.from(body) };
}

/** The same answer compressed; the CRC is that of the compressed bytes. */
export function gzip(reply: Reply): FullReply {
  const full = requireFull(reply);
  const headers = { ...full.headers, 'content-encoding': 'gzip' };
  return withCrc({ ...full, headers, body: gzipSync(full.body) });
}

/** The same answer with an `x-amz-crc32` that does not fit its body. */
export function wrongCrc(reply: Reply): FullReply {
  const full = requireFull(reply);
  const wrong = String((crc32(full.body) ^ 1) >>> 0);
  return { ...full, headers: { ...full.headers, 'x-amz-crc32': wrong } };
}

/** The same answer, broken off after `sentBytes` of its body. */
export function truncated(reply: Reply, sentBytes: number, end: ConnectionEnd = 'fin'): Reply {
  return { kind: 'truncated', reply: requireFull(reply), sentBytes, end };
}

/** A connection that is reset before the answer. */
export function resetConnection(): Reply {
  return { kind: 'reset' };
}

/** A request that gets no answer until `release` is called, and never one if the fake stops before. */
export function hang(): { readonly reply: Reply; release(next: Reply): void } {
  let release: (next: Reply) => void = () => undefined;
  const next = new Promise<Reply>((resolve) => {
    release = resolve;
  });
  return { reply: { kind: 'hang', next }, release: (reply) => release(reply) };
}

function withCrc(reply: FullReply): FullReply {
  return { ...reply, headers: { ...reply.headers, 'x-amz-crc32': String(crc32(reply.body)) } };
}

function requireFull(reply: Reply): FullReply {
  if (reply.kind !== 'full') throw new Error(`a ${reply.kind} reply cannot be changed`);
  return reply;
}
