import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import type { HttpRequest } from '@smithy/types';
import { TransientError } from '../../errors.ts';
import type { AwsClock } from '../clock.ts';
import { HttpClient } from '../http/http-client.ts';
import type { ConnectionTimeouts } from '../http/http-connection.ts';
import { type Origin, renderOrigin, toOrigin } from '../http/origin.ts';
import type { ResponseHead } from '../http/response-parser.ts';
import type { FindProxy } from '../proxies/proxy.ts';
import { renderTarget } from '../signing/canonical-uri.ts';
import { LARGEST_BODY_BYTES, type PageBuffer } from './page-buffer.ts';

const inflate = promisify(gunzip);

/** What requests are sent with. */
export interface AwsHttpOptions {
  readonly findProxy: FindProxy;
  readonly clock: AwsClock;
  readonly timeouts: ConnectionTimeouts;
}

/** Options of one request. */
export interface SendOptions {
  readonly signal?: AbortSignal | undefined;
  /** Whether the server is asked to compress the answer. */
  readonly isCompressed?: boolean | undefined;
  /** Whether the body is taken as it was stored, even where its headers name a coding. */
  readonly keepsCoding?: boolean;
}

/** Sends signed HTTP requests, and returns complete and checked bodies. Each request is sent once. */
export class AwsHttp {
  readonly #client: HttpClient;
  readonly #clock: AwsClock;
  #hasAnswered = false;

  constructor({ findProxy, clock, timeouts }: AwsHttpOptions) {
    this.#client = new HttpClient(timeouts, findProxy);
    this.#clock = clock;
  }

  /**
   * Sends a request and gathers the body of its answer, whatever its status, in the buffer.
   *
   * @throws the signal's reason; or, with the `host` that was asked, what HttpClient throws, an error called
   * CRC32CheckFailed, or a TransientError.
   */
  async send(
    request: HttpRequest,
    buffer: PageBuffer,
    options: SendOptions,
  ): Promise<ResponseHead> {
    const origin = originOf(request);
    const { isCompressed = false, keepsCoding = false, signal } = options;
    const sentAt = this.#clock.now();
    try {
      const head = await this.#client.send(
        {
          origin,
          method: request.method,
          target: renderTarget(request),
          // Headers that are not signed may be added.
          headers: isCompressed
            ? { ...request.headers, 'accept-encoding': 'gzip' }
            : request.headers,
          body: (request.body ?? '') as string | Uint8Array,
        },
        buffer,
        signal,
      );
      this.#hasAnswered = true;
      this.#clock.learn(head.headers, sentAt);
      checkCrc32(buffer, head.headers);
      const coding = head.headers['content-encoding'];
      if (coding !== undefined && !keepsCoding) await decode(buffer, coding, head.statusCode);
      return head;
    } catch (error) {
      signal?.throwIfAborted();
      throw error instanceof Error ? Object.assign(error, { host: hostOf(request) }) : error;
    }
  }

  /** Whether any request has been answered yet. */
  get hasAnswered(): boolean {
    return this.#hasAnswered;
  }

  /** Closes the connections that are not in use. */
  close(): void {
    this.#client.close();
  }
}

/** The host of a request, as errors name it. */
export function hostOf(request: HttpRequest): string {
  return renderOrigin(originOf(request));
}

function originOf({ protocol, hostname, port }: HttpRequest): Origin {
  return toOrigin(protocol, hostname, port);
}

/** The CRC-32 is that of the body as it was sent, compressed or not. */
function checkCrc32(buffer: PageBuffer, headers: Readonly<Record<string, string>>): void {
  const expected = headers['x-amz-crc32'];
  if (expected === undefined || buffer.crc32() === Number(expected)) return;
  const error = new Error(`The CRC-32 of ${buffer.body.length} bytes is not ${expected}`);
  throw Object.assign(error, { name: 'CRC32CheckFailed' });
}

/**
 * Decodes a body. It inflates on the thread pool, so that another page can be transcoded meanwhile.
 *
 * @param coding as in `content-encoding`. Only gzip is requested; how a gateway encodes an error does not matter.
 */
async function decode(buffer: PageBuffer, coding: string, statusCode: number): Promise<void> {
  const name = coding.toLowerCase();
  if (name === '' || name === 'identity') return;
  if (name !== 'gzip' && name !== 'x-gzip') {
    if (statusCode !== 200) return;
    throw new TransientError(
      `The answer is encoded as ${coding}, which was not requested. Check any gateways in between, and try again.`,
      { reason: 'damaged' },
    );
  }
  const body = await inflate(buffer.body, { maxOutputLength: LARGEST_BODY_BYTES });
  buffer.start(body.length);
  buffer.append(body);
}
