import { parseMessage, type Message } from './messages.ts';

export type MessageListener = (message: Message, line: string) => void;

/** A RECORD line as the connector writes it: enough to count it without parsing its data. */
const RECORD_LINE = /^\{"type":"RECORD","record":\{"stream":("(?:[^"\\]|\\.)*")/;

/** Gathers the stdout of one run line by line and tells listeners of each message. */
export class ConnectorOutput {
  readonly lines: string[] = [];
  readonly messages: Message[] = [];
  readonly discarded = new Map<string, number>();
  /** What SIGKILL left of a line; empty otherwise. */
  partialLine = '';
  #failure: { readonly line: string; readonly error: unknown } | undefined;
  readonly #listeners: MessageListener[] = [];
  readonly #format: 'messages' | 'text';
  readonly #discardRecords: boolean;

  constructor(options: { format: 'messages' | 'text'; discardRecords: boolean }) {
    this.#format = options.format;
    this.#discardRecords = options.discardRecords;
  }

  /** Takes one line; throws when the line before it should have been a message and was none. */
  add(line: string): void {
    if (this.#failure !== undefined) throw this.#failure.error;
    if (this.#discardRecords && this.#discard(line)) return;
    if (this.#format === 'text') {
      this.lines.push(line);
      return;
    }
    let message: Message;
    try {
      message = parseMessage(line);
    } catch (error) {
      // Only what follows tells whether this is a fault, or the half line of a killed process.
      this.#failure = { line, error };
      return;
    }
    this.lines.push(line);
    this.messages.push(message);
    for (const listener of this.#listeners) listener(message, line);
  }

  /** To be called after the last line; throws when that one was no message, unless SIGKILL cut it off. */
  end(signal: NodeJS.Signals | null): void {
    if (this.#failure === undefined) return;
    if (signal !== 'SIGKILL') throw this.#failure.error;
    this.partialLine = this.#failure.line;
  }

  /** Messages that have come already are told first. */
  listen(listener: MessageListener): void {
    this.messages.forEach((message, index) => {
      listener(message, this.lines[index] ?? '');
    });
    this.#listeners.push(listener);
  }

  #discard(line: string): boolean {
    const name = RECORD_LINE.exec(line)?.[1];
    // A line cut off by SIGKILL is not a record.
    if (name === undefined || !line.endsWith('}')) return false;
    const stream = String(JSON.parse(name));
    this.discarded.set(stream, (this.discarded.get(stream) ?? 0) + 1);
    return true;
  }
}
