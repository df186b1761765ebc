import { type DynamoDBClient, ScanCommand } from '@aws-sdk/client-dynamodb';
import type { HttpRequest } from '@smithy/types';
import { RawRequestBody } from './raw-request-body.ts';
import type { RenewingCredentials } from '../credentials/renewing-credentials.ts';
import { RepeatableRequest } from '../signing/repeatable-request.ts';
import type { AttemptOutcome, PageRequestOptions, SdkHttpHandler } from './sdk-http-handler.ts';

/**
 * Sends Scan requests: the first of a table as the SDK makes it, those behind it as signed copies of that one.
 *
 * The SDK spends as much on making a request as it takes to transcode the page that the request brings. A copy needs no
 * endpoint to be resolved, nothing to be serialised and nothing to be parsed: only its signature is made anew. Whatever
 * comes back that is no page is given to the SDK as the outcome of its first attempt, so that it names the error, waits
 * and tries again as it does with requests of its own.
 */
export class PageRequests {
  readonly #client: DynamoDBClient;
  readonly #handler: SdkHttpHandler;
  readonly #credentials: RenewingCredentials;
  /** Tells the SDK of a page: it gives up trying again when failures outweigh the successes that it knows of. */
  #recordSuccess: (() => void) | undefined;
  #last: { readonly table: string; readonly request: RepeatableRequest | undefined } | undefined;

  /** @param handler and `credentials` are the client's own. */
  constructor(client: DynamoDBClient, handler: SdkHttpHandler, credentials: RenewingCredentials) {
    this.#client = client;
    this.#handler = handler;
    this.#credentials = credentials;
  }

  /**
   * Asks for a page, which comes into the options' buffer.
   *
   * @param table name or ARN, as in the body.
   * @throws what the SDK throws.
   */
  async send(
    table: string,
    body: string,
    options: PageRequestOptions & { readonly abortSignal: AbortSignal },
  ): Promise<void> {
    const outcome = await this.#sendCopy(table, body, options);
    if (outcome?.status === 'fulfilled' && outcome.value.response.statusCode === 200) {
      this.#recordSuccess ??= await this.#findSuccessRecorder();
      this.#recordSuccess();
      return;
    }
    options.abortSignal.throwIfAborted();
    const input = RawRequestBody.attach({ TableName: table }, body);
    let signed: HttpRequest | undefined;
    const sdkOptions: PageRequestOptions = {
      ...options,
      firstAttempts: outcome === undefined ? [] : [outcome],
      onRequest: (request) => {
        signed = request;
      },
    };
    await this.#client.send(new ScanCommand(input), sdkOptions);
    if (signed !== undefined) this.#last = { table, request: RepeatableRequest.from(signed) };
  }

  async #findSuccessRecorder(): Promise<() => void> {
    const retries = await this.#client.config.retryStrategy();
    if (!('recordSuccess' in retries)) return () => undefined;
    const token = await retries.acquireInitialRetryToken('');
    return () => {
      retries.recordSuccess(token);
    };
  }

  /** Undefined when there is nothing to copy yet. */
  async #sendCopy(
    table: string,
    body: string,
    options: PageRequestOptions,
  ): Promise<AttemptOutcome | undefined> {
    const last = this.#last?.table === table ? this.#last.request : undefined;
    if (last === undefined) return undefined;
    // The SDK learns how far the machine's clock is off from what AWS answers.
    const now = new Date(Date.now() + this.#client.config.systemClockOffset);
    const copy = last.copy(body, await this.#credentials.provide(), now);
    try {
      return { status: 'fulfilled', value: await this.#handler.exchange(copy, options) };
    } catch (reason) {
      return { status: 'rejected', reason };
    }
  }
}
