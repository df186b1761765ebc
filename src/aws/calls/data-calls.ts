import type { HttpRequest } from '@smithy/types';
import type { AwsClock } from '../clock.ts';
import type { RenewingCredentials } from '../credentials/renewing-credentials.ts';
import { RepeatableRequest } from '../signing/repeatable-request.ts';
import { AnswerError } from './answer-error.ts';
import { type AwsHttp, hostOf, type SendOptions } from './aws-http.ts';
import type { PageBuffer } from './page-buffer.ts';

/** What data calls are made with. */
export interface DataCallsOptions {
  readonly http: AwsHttp;
  readonly clock: AwsClock;
  readonly credentials: RenewingCredentials;
  /** Makes a signed request for a table, which the calls are copies of; it is not sent itself. */
  readonly signRequest: (table: string) => Promise<HttpRequest>;
}

/**
 * The calls of one operation that returns data: copies of a request that the SDK signed, each sent once.
 *
 * The SDK resolves the endpoint, which may depend on the table and the account, once per table. Its own processing of
 * each request and answer would take as long as transcoding the page.
 */
export class DataCalls {
  readonly #options: DataCallsOptions;
  /** The first request of each table, which calls that start at the same time share. */
  readonly #requests = new Map<string, Promise<RepeatableRequest>>();

  constructor(options: DataCallsOptions) {
    this.#options = options;
  }

  /**
   * Makes a call and reads its answer into the buffer.
   *
   * @param table name or ARN, as in the body.
   * @param body JSON text, which is sent unchanged.
   * @throws AnswerError, what AwsHttp throws, or what the credentials throw.
   */
  async send(table: string, body: string, buffer: PageBuffer, options: SendOptions): Promise<void> {
    const { http, clock, credentials } = this.#options;
    const request = await this.#requestOf(table);
    const identity = await credentials.provide();
    options.signal?.throwIfAborted();
    const copy = request.copy(body, identity, new Date(clock.now()));
    const { statusCode, headers } = await http.send(copy, buffer, options);
    if (statusCode === 200) return;
    const error = new AnswerError(statusCode, headers['x-amzn-errortype'], buffer.body);
    throw Object.assign(error, { host: hostOf(copy) });
  }

  #requestOf(table: string): Promise<RepeatableRequest> {
    const known = this.#requests.get(table);
    if (known !== undefined) return known;
    const request = this.#options
      .signRequest(table)
      .then((signed) => RepeatableRequest.from(signed));
    this.#requests.set(table, request);
    request.catch(() => this.#requests.delete(table));
    return request;
  }
}
