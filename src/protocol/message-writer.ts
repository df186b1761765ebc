import type { Writable } from 'node:stream';
import { toConnectorError } from '../errors.ts';
import { escapeLineBreaks } from '../json/escape-line-breaks.ts';
import { stringifyOrdered } from '../json/ordered-json.ts';
import type { AirbyteMessage, StreamDescriptor } from './messages.ts';
import type { Redactor } from './redactor.ts';

/** The output can no longer be written; the cause says why, EPIPE when its reader is gone. */
export class OutputError extends Error {
  override readonly name = 'OutputError';
}

/** The one writer of protocol messages: one JSON object per line, in the order of the calls. */
export class MessageWriter {
  readonly #output: Writable;
  readonly #redactor: Redactor;
  /** Why the output failed; later writes fail only because of it. */
  #failure: OutputError | undefined;

  constructor(output: Writable, redactor: Redactor) {
    this.#output = output;
    this.#redactor = redactor;
  }

  /**
   * Writes whole lines: bytes as they are, and JSON text with Unicode's line breaks escaped. Resolves when the output
   * has taken them, which provides back-pressure and tells when the bytes may be reused.
   *
   * @throws OutputError.
   */
  writeLines(lines: Uint8Array | string): Promise<void> {
    return new Promise((resolve, reject) => {
      const output = typeof lines === 'string' ? escapeLineBreaks(lines) : lines;
      this.#output.write(output, (error) => {
        if (error) {
          this.#failure ??= new OutputError('The output cannot be written', { cause: error });
          reject(this.#failure);
        } else resolve();
      });
    });
  }

  write(message: AirbyteMessage): Promise<void> {
    // The columns of a catalog have an order; nothing else that is written has one.
    const stringify = message.type === 'CATALOG' ? stringifyOrdered : JSON.stringify;
    return this.writeLines(`${stringify(message)}\n`);
  }

  /**
   * Resolves when everything that was written before has left, including what nobody waited for.
   *
   * @throws OutputError.
   */
  flush(): Promise<void> {
    return this.writeLines('');
  }

  /** Writes an ERROR trace for any thrown value; with a descriptor, it belongs to that stream. */
  writeError(thrown: unknown, stream?: StreamDescriptor): Promise<void> {
    const error = toConnectorError(thrown);
    const cause = error.cause instanceof Error ? error.cause : undefined;
    const internal = cause && `${cause.name}: ${cause.message}`;
    // For a mistake in the config, the place in the code helps nobody.
    const stack = error.failureType === 'config_error' ? undefined : (cause?.stack ?? error.stack);
    return this.write({
      type: 'TRACE',
      trace: {
        type: 'ERROR',
        emitted_at: Date.now(),
        error: {
          message: this.#redactor.redact(error.message),
          ...(internal !== undefined && { internal_message: this.#redactor.redact(internal) }),
          ...(stack !== undefined && { stack_trace: this.#redactor.redact(stack) }),
          failure_type: error.failureType,
          ...(stream && { stream_descriptor: stream }),
        },
      },
    });
  }
}
