import type { TableSize } from '../aws/dynamodb/tables.ts';
import type { MessageWriter } from '../protocol/message-writer.ts';
import type {
  AirbyteMessage,
  StatusReason,
  StreamDescriptor,
  StreamStatus,
} from '../protocol/messages.ts';
import type { StreamState } from '../strategies/read-strategy.ts';

// The end of a STATE message, after the count.
const CLOSING = '}}}';

/** The messages about one stream. */
export class StreamMessages {
  readonly #writer: MessageWriter;
  readonly #descriptor: StreamDescriptor;
  #lastState: StreamState | undefined;

  constructor(writer: MessageWriter, descriptor: StreamDescriptor) {
    this.#writer = writer;
    this.#descriptor = descriptor;
  }

  /** The state that was written last; undefined before the first. */
  get lastState(): StreamState | undefined {
    return this.#lastState;
  }

  /** @param reasons for RUNNING only. */
  writeStatus(status: StreamStatus, reasons: readonly StatusReason[] = []): Promise<void> {
    const stream_status = {
      stream_descriptor: this.#descriptor,
      status,
      ...(reasons.length > 0 && { reasons }),
    };
    return this.#writer.write({
      type: 'TRACE',
      trace: { type: 'STREAM_STATUS', emitted_at: Date.now(), stream_status },
    });
  }

  async writeEstimate({ itemCount, sizeBytes }: TableSize): Promise<void> {
    const estimate = {
      ...this.#descriptor,
      type: 'STREAM' as const,
      row_estimate: itemCount,
      byte_estimate: sizeBytes,
    };
    await this.#writer.write({
      type: 'TRACE',
      trace: { type: 'ESTIMATE', emitted_at: Date.now(), estimate },
    });
  }

  /** Resolves to the size of the message in bytes. */
  async writeState(state: StreamState, recordCount: number): Promise<number> {
    this.#lastState = state;
    const message = {
      type: 'STATE',
      state: {
        type: 'STREAM',
        stream: { stream_descriptor: this.#descriptor, stream_state: state },
        sourceStats: { recordCount },
      },
    } satisfies AirbyteMessage;
    // The protocol's count is a decimal, `12.0`, which JSON.stringify never writes. It comes last.
    const text = JSON.stringify(message);
    const line = `${text.slice(0, -CLOSING.length)}.0${CLOSING}\n`;
    await this.#writer.writeLines(line);
    return Buffer.byteLength(line);
  }

  writeError(error: unknown): Promise<void> {
    return this.#writer.writeError(error, this.#descriptor);
  }
}
