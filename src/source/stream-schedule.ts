import { merge, sourceOf } from '../merge.ts';
import { createStop } from '../stop.ts';
import type { StreamEnd } from './outage.ts';

// Changes are kept for 24 hours: an hour leaves room for whatever comes in between.
const ROUND_INTERVAL_MS = 3_600_000;

/** What of a stream is read: all that it wants, or its changes alone. */
export type StreamPart = 'all' | 'changes';

/** How a part of a stream ended; `current` when it is all read, and more comes while others are read. */
export type PartEnd = StreamEnd | 'current';

/** A stream that is read in parts. */
export interface ScheduledStream {
  /** Whether it has a position in changes that are not kept for ever. */
  readonly hasPosition: boolean;
  /** Whether more than its changes is still to be read. */
  readonly hasSnapshot: boolean;
  /** Never rejects but with what ends all streams. */
  read(part: StreamPart, signal: AbortSignal): Promise<PartEnd>;
  /** Tells how it ended. */
  finish(end: StreamEnd): Promise<void>;
}

/** What is read, and how. */
export interface ScheduleInput {
  readonly streams: readonly ScheduledStream[];
  /** Streams at a time. */
  readonly concurrency: number;
  readonly signal: AbortSignal;
  /** Milliseconds that never go back. */
  readonly now: () => number;
  /** Rejects when the signal is aborted. */
  readonly sleep: (ms: number, signal: AbortSignal) => Promise<void>;
}

/**
 * Reads streams side by side so that no position ages: changes first, then all the rest.
 *
 * A stream that is current gives its place to the next. Until the last of the others has ended, its changes are read
 * again every hour, one stream at a time and in a place of their own; then it is complete. A snapshot of days would
 * otherwise have the changes of the other tables deleted before the next sync.
 *
 * Resolves to how the streams ended that were begun.
 */
export function readScheduled(input: ScheduleInput): Promise<readonly StreamEnd[]> {
  return new StreamSchedule(input).run();
}

class StreamSchedule {
  readonly #input: ScheduleInput;
  readonly #waiting: { readonly stream: ScheduledStream; readonly part: StreamPart }[];
  /** Streams that are current, and since when. */
  readonly #current = new Map<ScheduledStream, number>();
  readonly #ends: StreamEnd[] = [];
  /** The stream whose turn it is among those that are current. */
  #round: { readonly stream: ScheduledStream; readonly ended: Promise<void> } | undefined;

  constructor(input: ScheduleInput) {
    const { streams } = input;
    this.#input = input;
    this.#waiting = [
      ...streams
        .filter(({ hasPosition }) => hasPosition)
        .map((stream) => toPart(stream, 'changes')),
      ...streams.filter(({ hasPosition }) => !hasPosition).map((stream) => toPart(stream, 'all')),
    ];
  }

  async run(): Promise<readonly StreamEnd[]> {
    const { concurrency, signal } = this.#input;
    const all = createStop(signal);
    const rounds = createStop(all.signal);
    const keeping = this.#keepCurrent(rounds.signal);
    // What ends it ends the others too, and is thrown below.
    keeping.catch(all.abort);
    try {
      const parts = merge(this.#nextParts(), { concurrency, signal: all.signal });
      while ((await parts.next()).done !== true);
    } finally {
      rounds.abort();
      await keeping;
    }
    for (const stream of this.#current.keys()) await this.#finish(stream, 'complete');
    return this.#ends;
  }

  /** A snapshot is added when the changes of its stream are read. */
  #nextParts() {
    const next = () => {
      const part = this.#waiting.shift();
      if (part === undefined) return { done: true as const, value: undefined };
      const value = sourceOf((signal) => this.#read(part.stream, part.part, signal));
      return { done: false as const, value };
    };
    return { [Symbol.iterator]: () => ({ next }) };
  }

  async #read(stream: ScheduledStream, part: StreamPart, signal: AbortSignal): Promise<void> {
    if (this.#round?.stream === stream) await this.#round.ended;
    // Its changes may have been read before, and their reading may have failed in a round.
    if (stream.hasPosition && part === 'all' && !this.#current.delete(stream)) return;
    await this.#note(stream, await stream.read(part, signal));
    if (part === 'changes' && stream.hasSnapshot && this.#current.has(stream)) {
      this.#waiting.push(toPart(stream, 'all'));
    }
  }

  async #keepCurrent(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      const [oldest] = [...this.#current].sort(([, a], [, b]) => a - b);
      const dueAt = (oldest?.[1] ?? this.#input.now()) + ROUND_INTERVAL_MS;
      if (!(await this.#waitUntil(dueAt, signal))) return;
      if (oldest === undefined || this.#current.get(oldest[0]) !== oldest[1]) continue;
      const [stream] = oldest;
      this.#current.delete(stream);
      const ended = this.#readRound(stream, signal);
      this.#round = { stream, ended };
      await ended;
      this.#round = undefined;
    }
  }

  async #readRound(stream: ScheduledStream, signal: AbortSignal): Promise<void> {
    const end = await stream.read('changes', signal);
    // That the others have ended leaves it as current as it was.
    await this.#note(stream, end === 'stopped' ? 'current' : end);
  }

  async #note(stream: ScheduledStream, end: PartEnd): Promise<void> {
    if (end === 'current') this.#current.set(stream, this.#input.now());
    else await this.#finish(stream, end);
  }

  async #finish(stream: ScheduledStream, end: StreamEnd): Promise<void> {
    this.#ends.push(end);
    await stream.finish(end);
  }

  async #waitUntil(time: number, signal: AbortSignal): Promise<boolean> {
    const { now, sleep } = this.#input;
    try {
      await sleep(Math.max(0, time - now()), signal);
      return true;
    } catch (error) {
      if (signal.aborted) return false;
      throw error;
    }
  }
}

function toPart(stream: ScheduledStream, part: StreamPart) {
  return { stream, part };
}
