import { Worker } from 'node:worker_threads';
import { SystemError } from '../../../errors.ts';
import type {
  InflateAnswer,
  InflateRequest,
  InflateResult,
  InflateTask,
} from './inflate-messages.ts';

// Built by bundle.js, in which a thread starts sooner, and which is all that is shipped.
const WORKER_FILE = new URL(import.meta.resolve('#chunks/inflate-worker.js'));
// Parts and chunks do not count, and messages are all that it makes beside them.
const LIMITS = { maxYoungGenerationSizeMb: 2, maxOldGenerationSizeMb: 32 };

interface Waiting {
  readonly resolve: (result: InflateResult) => void;
  readonly reject: (error: Error) => void;
}

/**
 * A thread that inflates and hashes files while this one fetches, transcodes and writes. It starts with the first file.
 */
export class Inflater {
  readonly #file: URL;
  readonly #waiting = new Map<number, Waiting>();
  #requests = 0;
  #files = 0;
  #worker: Worker | undefined;
  #failure: Error | undefined;

  /** @param file what the thread runs. */
  constructor(file: URL = WORKER_FILE) {
    this.#file = file;
  }

  /** Returns what has the thread do something for one file. That throws a SystemError when the thread has failed. */
  open(): (task: InflateTask) => Promise<InflateResult> {
    const file = this.#files++;
    return (task) => this.#ask(file, task);
  }

  /** Ends the thread, which nobody waits for any more. */
  async close(): Promise<void> {
    const worker = this.#worker;
    this.#worker = undefined;
    worker?.removeAllListeners();
    await worker?.terminate();
  }

  #ask(file: number, task: InflateTask): Promise<InflateResult> {
    return new Promise((resolve, reject) => {
      if (this.#failure !== undefined) {
        reject(this.#failure);
        return;
      }
      const id = this.#requests++;
      this.#waiting.set(id, { resolve, reject });
      this.#worker ??= this.#start();
      const request: InflateRequest = { id, file, task };
      this.#worker.postMessage(request, task.kind === 'write' ? [task.part.buffer] : []);
    });
  }

  #start(): Worker {
    const worker = new Worker(this.#file, {
      ...{ resourceLimits: LIMITS, env: {} },
      // Or else Node would look at its own streams, which makes a pipe non-blocking.
      ...{ stdout: true, stderr: true },
    });
    worker.on('message', ({ id, result }: InflateAnswer) => {
      this.#waiting.get(id)?.resolve(result);
      this.#waiting.delete(id);
    });
    worker.on('error', (error) => {
      this.#fail(error);
    });
    worker.on('exit', () => {
      this.#fail(new Error('The thread has ended'));
    });
    return worker;
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
