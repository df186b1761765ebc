import { callPatiently, type Patience } from '../../../aws/calls/patient-call.ts';
import { PageBuffer } from '../../../aws/calls/page-buffer.ts';
import type { OpenObjects } from '../../../aws/s3/open-objects.ts';
import type { ObjectPart, ObjectRange, S3Bucket } from '../../../aws/s3/s3-bucket.ts';
import { ConfigError } from '../../../errors.ts';
import { createStop, type Stop } from '../../../stop.ts';

// Large enough that S3 sends for longer than it takes to begin, small enough that some for each file fit into the memory.
const PART_BYTES = 1 << 20;
// The manifest of half a million files.
const LONGEST_TEXT_BYTES = 100 * 1024 * 1024;

/** What objects are read with. */
export interface ObjectReaderInput {
  readonly bucket: S3Bucket;
  readonly objects: OpenObjects;
  readonly patience: Patience;
}

/** Reads objects of a bucket, patiently. */
export class ObjectReader {
  readonly #input: ObjectReaderInput;

  constructor(input: ObjectReaderInput) {
    this.#input = input;
  }

  /**
   * The text of an object.
   *
   * @throws ConnectorError, or the signal's reason.
   */
  async readText(key: string): Promise<string> {
    const buffer = new PageBuffer();
    const range = { key, from: 0, length: LONGEST_TEXT_BYTES };
    const { size } = await this.#fetch(range, buffer, this.#input.patience.signal);
    checkLength(key, size, buffer);
    return buffer.body.toString();
  }

  /**
   * Opens an object, to be closed by whoever opened it; waits while too many are open.
   *
   * @throws as `readText`.
   */
  async open(key: string, signal: AbortSignal): Promise<OpenObject> {
    const { buffer, release } = await this.#input.objects.open(signal);
    const stop = createStop(signal);
    const fetch: FetchPart = (range, buffer) => this.#fetch(range, buffer, stop.signal);
    try {
      const first = await fetch({ key, from: 0, length: PART_BYTES }, buffer);
      checkLength(key, Math.min(PART_BYTES, first.size), buffer);
      return new OpenObject({ ...first, ...{ key, buffer, fetch, stop, release } });
    } catch (error) {
      release();
      throw error;
    }
  }

  #fetch(range: ObjectRange, buffer: PageBuffer, signal: AbortSignal): Promise<ObjectPart> {
    const { bucket, patience } = this.#input;
    const call = { action: 's3:GetObject', resource: `s3://${bucket.name}/${range.key}` };
    return callPatiently(bucket, call, { ...patience, signal }, () =>
      bucket.get(range, buffer, signal),
    );
  }
}

type FetchPart = (range: ObjectRange, buffer: PageBuffer) => Promise<ObjectPart>;

interface OpenObjectInput extends ObjectPart {
  readonly key: string;
  /** It holds the first part. */
  readonly buffer: PageBuffer;
  readonly fetch: FetchPart;
  readonly stop: Stop;
  readonly release: () => void;
}

/** An object whose first part has arrived. */
export class OpenObject {
  readonly #input: OpenObjectInput;
  #pending: Promise<unknown> | undefined;

  constructor(input: OpenObjectInput) {
    this.#input = input;
  }

  get etag(): string {
    return this.#input.etag;
  }

  /**
   * All parts in their order, each valid until the next one is asked for. To be read once.
   *
   * @throws ConnectorError: also a ConfigError when the object was replaced meanwhile.
   */
  async *readParts(): AsyncGenerator<Uint8Array> {
    const { size, buffer } = this.#input;
    for (let at = 0; at < size; at += PART_BYTES) {
      if (at > 0) {
        this.#pending = this.#ask(at);
        await this.#pending;
      }
      yield buffer.body;
    }
  }

  /** Gives up the part that is being fetched, if any. */
  stop(): void {
    this.#input.stop.abort();
  }

  /** Returns its memory, once nothing is written into it any more. */
  async close(): Promise<void> {
    const { release } = this.#input;
    this.stop();
    await this.#pending?.catch(() => undefined);
    release();
  }

  async #ask(from: number): Promise<void> {
    const { key, etag, size, buffer, fetch } = this.#input;
    await fetch({ key, from, length: PART_BYTES, ...(etag !== '' && { etag }) }, buffer);
    checkLength(key, Math.min(PART_BYTES, size - from), buffer);
  }
}

function checkLength(key: string, expected: number, { body }: PageBuffer): void {
  if (body.length === expected) return;
  throw new ConfigError(
    `S3 sent ${body.length} bytes of the object ${key} where ${expected} should have come. Check "s3_endpoint" and the proxies on the way.`,
  );
}
