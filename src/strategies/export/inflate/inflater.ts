import { Worker } from 'node:worker_threads';
import { SystemError } from '../../../errors.ts';
import { GzipError } from './gzip-error.ts';
import type { Inflated } from './gzip-stream.ts';
import type { InflateAnswer, InflateRequest } from './inflate-messages.ts';
import { createInflateMemory, INPUT_BYTES, placeAt } from './inflate-memory.ts';

// Built by bundle.js, in which a thread starts sooner, and which is all that is shipped.
const WORKER_FILE = new URL(import.meta.resolve('#chunks/inflate-worker.js'));
// Its lists of messages are all that it makes.
const LIMITS = { maxYoungGenerationSizeMb: 2, maxOldGenerationSizeMb: 32 };

interface Waiting {
  readonly resolve: (inflated: Inflated) => void;
  readonly reject: (error: Error) => void;
}

/**
 * A thread that inflates and hashes files while this one fetches, transcodes and writes. It starts with the first file.
 */
export class Inflater {
  readonly #places: number;
  readonly #file: URL;
  readonly #free: number[];
  readonly #waiting = new Map<number, Waiting>();
  #thread: { readonly worker: Worker; readonly bytes: Buffer } | undefined;
  #failure: Error | undefined;

  /**
   * @param places files that are inflated at the same time, at most.
   * @param file what the thread runs.
   */
  constructor(places: number, file: URL = WORKER_FILE) {
    this.#places = places;
    this.#file = file;
    this.#free = Array.from({ length: places }, (_, index) => places - 1 - index);
  }

  /** @throws RangeError when as many files are open as there are places. */
  open(): InflatePort {
    const place = this.#free.pop();
    if (place === undefined) throw new RangeError('No place is free to inflate another file.');
    const { bytes } = (this.#thread ??= this.#start());
    const { input, outputs } = placeAt(place);
    return {
      input: bytes.subarray(input, input + INPUT_BYTES),
      output: (index, length) => bytes.subarray(outputs[index], outputs[index] + length),
      ask: (request) => this.#ask({ ...request, place }),
      close: () => this.#free.push(place),
    };
  }

  /** Ends the thread, which nobody waits for any more. */
  async close(): Promise<void> {
    const worker = this.#thread?.worker;
    this.#thread = undefined;
    worker?.removeAllListeners();
    await worker?.terminate();
  }

  #start(): { readonly worker: Worker; readonly bytes: Buffer } {
    const memory = createInflateMemory(this.#places);
    const worker = new Worker(this.#file, {
      ...{ workerData: memory, resourceLimits: LIMITS, env: {} },
      // Or else Node would look at its own streams, which makes a pipe non-blocking.
      ...{ stdout: true, stderr: true },
    });
    worker.on('message', (answer: InflateAnswer) => {
      this.#settle(answer);
    });
    worker.on('error', (error) => {
      this.#fail(error);
    });
    worker.on('exit', () => {
      this.#fail(new Error('The thread has ended'));
    });
    return { worker, bytes: Buffer.from(memory.buffer) };
  }

  #ask(request: InflateRequest): Promise<Inflated> {
    return new Promise((resolve, reject) => {
      if (this.#failure !== undefined) {
        reject(this.#failure);
        return;
      }
      this.#waiting.set(request.place, { resolve, reject });
      this.#thread?.worker.postMessage(request);
    });
  }

  #settle(answer: InflateAnswer): void {
    const waiting = this.#waiting.get(answer.place);
    this.#waiting.delete(answer.place);
    if ('damage' in answer) waiting?.reject(new GzipError(answer.damage));
    else waiting?.resolve(answer);
  }

  #fail(cause: Error): void {
    this.#failure ??= new SystemError(
      `The thread that decompresses files of exports has failed (${cause.message}). Run the sync again, with more memory if it was short, or install the connector again if files of it are missing; what was read is not lost.`,
      { cause },
    );
    for (const { reject } of this.#waiting.values()) reject(this.#failure);
    this.#waiting.clear();
  }
}

/** What one file is inflated through. */
export interface InflatePort {
  /** Where its bytes are written for the thread to see. */
  readonly input: Buffer;
  output(index: 0 | 1, length: number): Buffer;
  /**
   * One request at a time.
   *
   * @throws GzipError; SystemError when the thread has failed.
   */
  ask(request: Omit<InflateRequest, 'place'>): Promise<Inflated>;
  /** Makes room for another file. Nothing that was asked may be unanswered. */
  close(): void;
}
