/** The beginning of a response; header names are in lower case. */
export interface ResponseHead {
  readonly statusCode: number;
  readonly headers: Readonly<Record<string, string>>;
  /** Whether the server keeps the connection open: with HTTP/1.1, unless it says otherwise. */
  readonly keepsConnection: boolean;
}

/** Where the bytes of a body go. */
export interface BodySink {
  /** A body begins; `expectedBytes` is what the server announced, or 0 if it did not. */
  start(expectedBytes: number): void;
  /** The chunk is only valid during the call. */
  append(chunk: Uint8Array): void;
  /** Returns room for this many bytes after the gathered ones: at most the announced bytes still to come, and one. */
  claim(bytes: number): Buffer;
  /** Takes this many bytes that were written into the room. */
  commit(bytes: number): void;
}

/** A server that does not speak HTTP/1.1. */
export class HttpProtocolError extends Error {
  override readonly name = 'HttpProtocolError';
  readonly code = 'EBADMSG';
}

const HEAD_END = Buffer.from('\r\n\r\n');
const LINE_END = Buffer.from('\r\n');
const NOTHING = Buffer.alloc(0);
// AWS's heads have some hundred bytes. Without a limit, some other server could fill the memory.
const LONGEST_HEAD_BYTES = 64 * 1024;
const LONGEST_CHUNK_LINE_BYTES = 1024;

type Phase =
  'head' | 'length' | 'chunk-line' | 'chunk' | 'chunk-end' | 'trailers' | 'close' | 'done';

/**
 * Parses one HTTP/1.1 response from bytes as they arrive, in whatever pieces.
 *
 * It supports bodies of a given length, chunked bodies, and bodies that end with the connection; interim responses
 * (1xx) are skipped.
 *
 * @see https://www.rfc-editor.org/rfc/rfc9112
 */
export class ResponseParser {
  readonly #sink: BodySink;
  #phase: Phase = 'head';
  #head: ResponseHead | undefined;
  /** The bytes so far of a head or line that is not complete yet. */
  #pending: Buffer = NOTHING;
  /** Bytes of the body, or of the chunk, that are still to come. */
  #remaining = 0;
  #hasSurplus = false;

  constructor(sink: BodySink) {
    this.#sink = sink;
  }

  /** The head, once it is complete. */
  get head(): ResponseHead | undefined {
    return this.#head;
  }

  /** Whether the connection may serve another request after this response. */
  get isReusable(): boolean {
    return this.#phase === 'done' && this.#head?.keepsConnection === true && !this.#hasSurplus;
  }

  /**
   * Takes the next bytes; returns whether the response is now complete.
   *
   * @throws HttpProtocolError.
   */
  push(bytes: Buffer): boolean {
    let at = 0;
    while (at < bytes.length && this.#phase !== 'done') at = this.#take(bytes, at);
    if (at < bytes.length) this.#hasSurplus = true;
    return this.#phase === 'done';
  }

  /**
   * Where the next bytes may be written if they belong to the body; `commit` then takes them, so that `push` need not
   * copy them. There is room for one byte more than the body has, to detect a surplus.
   */
  get room(): Buffer | undefined {
    return this.#phase === 'length' ? this.#sink.claim(this.#remaining + 1) : undefined;
  }

  /** Takes bytes that were written into the room; returns whether the response is now complete. */
  commit(bytes: number): boolean {
    const taken = Math.min(bytes, this.#remaining);
    this.#hasSurplus = bytes > taken;
    this.#sink.commit(taken);
    this.#remaining -= taken;
    if (this.#remaining === 0) this.#phase = 'done';
    return this.#phase === 'done';
  }

  /** Notes that the connection has ended; returns whether the response is complete. */
  end(): boolean {
    if (this.#phase === 'close') this.#phase = 'done';
    return this.#phase === 'done';
  }

  /** Takes what the current phase needs, from `at` on, and returns the index after it. */
  #take(bytes: Buffer, at: number): number {
    switch (this.#phase) {
      case 'head':
        return this.#takeHead(bytes, at);
      case 'chunk-line':
        return this.#takeLine(bytes, at, (line) => {
          this.#startChunk(line);
        });
      case 'trailers':
        return this.#takeLine(bytes, at, (line) => {
          if (line === '') this.#phase = 'done';
        });
      case 'chunk-end':
        return this.#takeLine(bytes, at, (line) => {
          if (line !== '') throw new HttpProtocolError('A chunk is longer than it says');
          this.#phase = 'chunk-line';
        });
      case 'length':
      case 'chunk':
        return this.#takeBody(bytes, at);
      case 'close':
        this.#sink.append(bytes.subarray(at));
        return bytes.length;
      case 'done':
        return at;
    }
  }

  #takeBody(bytes: Buffer, at: number): number {
    const taken = Math.min(this.#remaining, bytes.length - at);
    this.#sink.append(at === 0 && taken === bytes.length ? bytes : bytes.subarray(at, at + taken));
    this.#remaining -= taken;
    if (this.#remaining === 0) this.#phase = this.#phase === 'length' ? 'done' : 'chunk-end';
    return at + taken;
  }

  #takeHead(bytes: Buffer, at: number): number {
    const [text, next] = this.#takeUntil(HEAD_END, bytes, at, LONGEST_HEAD_BYTES);
    if (text === undefined) return next;
    const head = parseHead(text);
    // 1xx: the real response follows.
    if (head.statusCode < 200) return next;
    this.#head = head;
    this.#startBody(head);
    return next;
  }

  #startBody({ statusCode, headers }: ResponseHead): void {
    const length = headers['content-length'];
    const isChunked = headers['transfer-encoding']?.toLowerCase().endsWith('chunked') === true;
    const hasNone = statusCode === 204 || statusCode === 304;
    this.#remaining = isChunked || length === undefined ? 0 : parseLength(length, /^\d+$/, 10);
    this.#sink.start(this.#remaining);
    if (hasNone) this.#phase = 'done';
    else if (isChunked) this.#phase = 'chunk-line';
    else if (length === undefined) this.#phase = 'close';
    else this.#phase = this.#remaining === 0 ? 'done' : 'length';
  }

  #startChunk(line: string): void {
    const [size = ''] = line.split(';');
    this.#remaining = parseLength(size.trim(), /^[0-9a-f]+$/i, 16);
    this.#phase = this.#remaining === 0 ? 'trailers' : 'chunk';
  }

  #takeLine(bytes: Buffer, at: number, use: (line: string) => void): number {
    const [line, next] = this.#takeUntil(LINE_END, bytes, at, LONGEST_CHUNK_LINE_BYTES);
    if (line !== undefined) use(line);
    return next;
  }

  /** The text up to a mark, which may have begun in earlier bytes; undefined until the mark has arrived. */
  #takeUntil(
    mark: Buffer,
    bytes: Buffer,
    at: number,
    longest: number,
  ): readonly [string | undefined, number] {
    const before = this.#pending.length;
    const seen =
      before === 0 ? bytes.subarray(at) : Buffer.concat([this.#pending, bytes.subarray(at)]);
    const end = seen.indexOf(mark);
    if ((end < 0 ? seen.length : end) > longest) {
      throw new HttpProtocolError('The answer is not HTTP/1.1, or its head is too long');
    }
    if (end < 0) {
      this.#pending = Buffer.from(seen);
      return [undefined, bytes.length];
    }
    this.#pending = NOTHING;
    return [seen.toString('latin1', 0, end), at + end + mark.length - before];
  }
}

function parseHead(text: string): ResponseHead {
  const [statusLine = '', ...lines] = text.split('\r\n');
  const [, version, status] = /^HTTP\/1\.([01]) ([1-5]\d\d)(?: |$)/.exec(statusLine) ?? [];
  if (status === undefined) throw new HttpProtocolError('The answer is not HTTP/1.1');
  const headers: Record<string, string> = {};
  for (const line of lines) {
    const colon = line.indexOf(':');
    if (colon < 1) throw new HttpProtocolError('A header of the answer has no name');
    const name = line.slice(0, colon).toLowerCase();
    const value = line.slice(colon + 1).trim();
    // The end of the body must not be ambiguous.
    if (name === 'content-length' && (headers[name] ?? value) !== value) {
      throw new HttpProtocolError('The answer states two lengths');
    }
    headers[name] = value;
  }
  const connection = headers.connection?.toLowerCase();
  const keepsConnection = version === '1' ? connection !== 'close' : connection === 'keep-alive';
  return { statusCode: Number(status), headers, keepsConnection };
}

function parseLength(text: string, form: RegExp, base: number): number {
  const length = form.test(text) ? Number.parseInt(text, base) : Number.NaN;
  if (Number.isSafeInteger(length)) return length;
  throw new HttpProtocolError(`The answer states its length as ${JSON.stringify(text)}`);
}
