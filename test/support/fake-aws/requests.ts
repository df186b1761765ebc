import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import { parseJsonObject, type JsonObject } from '../json.ts';
import type { Reply } from './replies.ts';
import { isSignedWith } from './signature.ts';

/** A request as the fake saw it. */
export interface RecordedRequest {
  readonly service: 'dynamodb' | 'streams' | 'sts';
  /** `Scan`, `DescribeTable`, `AssumeRole`, … */
  readonly operation: string;
  /** The parsed JSON body, or STS's form fields as strings. */
  readonly input: JsonObject;
  readonly headers: IncomingHttpHeaders;
  /** From the Authorization header; undefined for an unsigned request. */
  readonly accessKeyId: string | undefined;
  /** The region that the request was signed for. */
  readonly region: string | undefined;
  readonly sessionToken: string | undefined;
  readonly isSignedWith: (secret: string) => boolean;
}

/** Answers the requests of one operation. */
export type Handler = (input: JsonObject, request: RecordedRequest) => Reply | Promise<Reply>;

/** Reads a request to its end; throws when the client breaks off. */
export async function readRequest(message: IncomingMessage): Promise<RecordedRequest> {
  const chunks: Buffer[] = [];
  for await (const chunk of message) chunks.push(chunk as Buffer);
  const body = Buffer.concat(chunks);
  const { headers } = message;
  // AWS4-HMAC-SHA256 Credential=AKIA…/20240101/us-east-1/dynamodb/aws4_request, SignedHeaders=…
  const scope = /Credential=([^/]+)\/[^/]+\/([^/]+)\//.exec(headers.authorization ?? '');
  const token = headers['x-amz-security-token'];
  return {
    ...parseBody(headers, body.toString()),
    headers,
    accessKeyId: scope?.[1],
    region: scope?.[2],
    sessionToken: typeof token === 'string' ? token : undefined,
    isSignedWith: (secret) => isSignedWith(message, body, secret),
  };
}

function parseBody(
  headers: IncomingHttpHeaders,
  body: string,
): Pick<RecordedRequest, 'service' | 'operation' | 'input'> {
  const target = String(headers['x-amz-target'] ?? '');
  const [prefix = '', operation = ''] = target.split('.');
  if (operation !== '') {
    const service = prefix.startsWith('DynamoDBStreams') ? 'streams' : 'dynamodb';
    return { service, operation, input: parseJsonObject(body) };
  }
  const fields = Object.fromEntries(new URLSearchParams(body));
  return { service: 'sts', operation: fields.Action ?? '', input: fields };
}
