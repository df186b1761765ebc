import {
  awsError,
  hang,
  rawReply,
  resetConnection,
  truncated,
  type FullReply,
  type Reply,
  type ThrottlingReason,
} from './fake-aws/replies.ts';
import type { Random } from './seeded-random.ts';

/** What a fault proxy does to one request. */
export type Fault =
  | { readonly kind: 'pass' }
  /** Passes it on, and holds the answer back for so long. */
  | { readonly kind: 'delay'; readonly ms: number }
  /** Resets the connection instead of passing the request on. */
  | { readonly kind: 'reset' }
  /** Announces the whole answer, sends a part of it and resets the connection. */
  | { readonly kind: 'reset-in-body' }
  /** Announces the whole answer, sends a part of it and closes the sending side. */
  | { readonly kind: 'half-close' }
  /** A well-formed answer of a shorter length: only the CRC-32 or the JSON tells. */
  | { readonly kind: 'truncate' }
  /** Changes one byte of the answer's body. */
  | { readonly kind: 'corrupt' }
  | { readonly kind: 'server-error'; readonly status: 500 | 503; readonly format: 'json' | 'html' }
  /** A throttling exception instead of an answer; without reasons when there are none. */
  | {
      readonly kind: 'throttle';
      readonly name: string;
      readonly reasons?: readonly ThrottlingReason[];
    }
  /** Says nothing until the proxy is stopped. */
  | { readonly kind: 'hang' };

export type FaultKind = Fault['kind'];

const SERVER_ERRORS = { 500: 'InternalServerError', 503: 'ServiceUnavailable' } as const;
/** More than nothing of a body, and less than all of it. */
const PART_MIN = 0.1;
const PART_MAX = 0.9;

/** The answer that a fault gives without asking the engine; undefined for those that spoil the engine's answer. */
export function answerAlone(fault: Fault): Reply | undefined {
  switch (fault.kind) {
    case 'reset':
      return resetConnection();
    case 'hang':
      return hang().reply;
    case 'throttle':
      return awsError(fault.name, 'The level of configured throughput was exceeded.', {
        ...(fault.reasons === undefined ? {} : { throttlingReasons: fault.reasons }),
      });
    case 'server-error':
      return serverError(fault.status, fault.format);
    default:
      return undefined;
  }
}

/** The engine's answer after the fault. */
export function spoil(fault: Fault, reply: FullReply, random: Random): Reply {
  switch (fault.kind) {
    case 'reset-in-body':
      return truncated(reply, partOf(reply, random), 'reset');
    case 'half-close':
      return truncated(reply, partOf(reply, random), 'fin');
    case 'truncate':
      return { ...reply, body: reply.body.subarray(0, partOf(reply, random)) };
    case 'corrupt':
      return { ...reply, body: corruptByte(reply.body, random) };
    default:
      return reply;
  }
}

function partOf(reply: FullReply, random: Random): number {
  return Math.floor(reply.body.length * (PART_MIN + random() * (PART_MAX - PART_MIN)));
}

function corruptByte(body: Buffer, random: Random): Buffer {
  const changed = Buffer.from(body);
  const position = Math.floor(random() * changed.length);
  // Any change but none: an exclusive or with 1 to 255.
  const mask = 1 + Math.floor(random() * 255);
  changed[position] = (changed[position] ?? 0) ^ mask;
  return changed;
}

function serverError(status: 500 | 503, format: 'json' | 'html'): Reply {
  const name = SERVER_ERRORS[status];
  if (format === 'json') return awsError(name, 'The request could not be served.', { status });
  const page = `<html><head><title>${status}</title></head><body><h1>${name}</h1></body></html>\n`;
  return rawReply(status, page, { 'content-type': 'text/html' });
}
