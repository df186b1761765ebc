import type { ChangeFigures } from '../change-figures.ts';
import type { WaitFigures } from '../wait-figures.ts';
import type { Clock } from './clock.ts';

/** How the read of a stream ended; `stopped` when the process was told to stop. */
export type StreamOutcome = 'complete' | 'failed' | 'stopped';

/** How much a stream is expected to return; the first of the two that is known counts. */
export interface ExpectedAmount {
  readonly records?: number;
  readonly readUnits?: number;
}

/** What arrived together. */
export interface Arrival {
  readonly recordCount: number;
  /** RECORD lines. */
  readonly lines: Uint8Array;
  /** Absent if the server does not say. */
  readonly consumedReadUnits?: number;
}

// An estimate is hours old, so more may arrive than it says; and a stream is not done before its end.
const LARGEST_RUNNING_SHARE = 0.99;
// Until this much is read, the remaining time is a guess.
const SMALLEST_TELLING_SHARE = 0.01;

/** What one stream has returned so far, counted as it is read. */
export class StreamProgress {
  readonly name: string;
  readonly #clock: Clock;
  readonly #startedAt: number;
  #endedAt: number | undefined;
  #countedAt: number;
  #expected: ExpectedAmount = {};
  #outcome: StreamOutcome | undefined;
  #records = 0;
  #bytes = 0;
  #readUnits = 0;
  #throttles = 0;
  #retries = 0;
  #inputWaitMs = 0;
  #outputWaitMs = 0;
  #readChanges: () => ChangeFigures | undefined = () => undefined;
  #earlierChanges = 0;
  #readWaits: () => WaitFigures | undefined = () => undefined;

  constructor(name: string, clock: Clock) {
    this.name = name;
    this.#clock = clock;
    this.#startedAt = clock.now();
    this.#countedAt = this.#startedAt;
  }

  get records(): number {
    return this.#records;
  }

  /** Bytes of the RECORD lines. */
  get bytes(): number {
    return this.#bytes;
  }

  get readUnits(): number {
    return this.#readUnits;
  }

  /** Pauses because of throttling by DynamoDB. */
  get throttles(): number {
    return this.#throttles;
  }

  /** Pauses after any other temporary failure. */
  get retries(): number {
    return this.#retries;
  }

  /** Milliseconds spent waiting for DynamoDB. */
  get inputWaitMs(): number {
    return this.#inputWaitMs;
  }

  /** Milliseconds spent waiting for whoever reads the output. */
  get outputWaitMs(): number {
    return this.#outputWaitMs;
  }

  /** Undefined while the stream is being read. */
  get outcome(): StreamOutcome | undefined {
    return this.#outcome;
  }

  get expected(): ExpectedAmount {
    return this.#expected;
  }

  /** Milliseconds from the beginning until now, or until the end. */
  get elapsedMs(): number {
    return (this.#endedAt ?? this.#clock.now()) - this.#startedAt;
  }

  /**
   * How much of the expected amount has been read, from 0 to 1; undefined when nothing is known about it. Nobody knows how
   * many changes there will be, so under change capture it is the share of the snapshot while that is being read.
   */
  get share(): number | undefined {
    if (this.#outcome === 'complete') return 1;
    const { changes } = this;
    if (changes?.isInSnapshot === false) return undefined;
    const { records, readUnits } = this.#expected;
    if (records !== undefined) return capShare(this.#rows / records);
    return readUnits === undefined ? undefined : capShare(this.#readUnits / readUnits);
  }

  /** Milliseconds until the end at the pace so far; undefined while that is not known. */
  get timeLeftMs(): number | undefined {
    const { share } = this;
    if (share === undefined || share < SMALLEST_TELLING_SHARE) return undefined;
    // Beyond the estimate, nobody knows.
    if (share >= LARGEST_RUNNING_SHARE) return undefined;
    const readingMs = this.elapsedMs - (this.waits?.totalMs ?? 0);
    return (readingMs / share) * (1 - share);
  }

  /** Undefined for a stream without change capture. */
  get changes(): ChangeFigures | undefined {
    const figures = this.#readChanges();
    return figures && { ...figures, changes: this.#earlierChanges + figures.changes };
  }

  /** Says where the figures of a change stream are looked up, which count its changes from the present reading on. */
  watchChanges(readChanges: () => ChangeFigures | undefined): void {
    this.#earlierChanges = this.changes?.changes ?? 0;
    this.#readChanges = readChanges;
  }

  /** Undefined for a stream that never waits for what AWS prepares. */
  get waits(): WaitFigures | undefined {
    return this.#readWaits();
  }

  /** Says where the figures of waits are looked up. */
  watchWaits(readWaits: () => WaitFigures | undefined): void {
    this.#readWaits = readWaits;
  }

  /** Sets what to expect. */
  setExpected(amount: ExpectedAmount): void {
    this.#expected = amount;
  }

  /** Starts waiting for DynamoDB: earlier time counts neither for it nor for the output. */
  begin(): void {
    this.#countedAt = this.#clock.now();
  }

  /** Notes that DynamoDB has answered; what it returned is counted once there is room for its records. */
  noteArrived(): void {
    this.#inputWaitMs += this.#countTime();
  }

  /** Counts what DynamoDB has just returned. */
  addArrival({ recordCount, lines, consumedReadUnits = 0 }: Arrival): void {
    this.#records += recordCount;
    this.#bytes += lines.length;
    this.#readUnits += consumedReadUnits;
    this.#inputWaitMs += this.#countTime();
  }

  /** Notes that the output has taken what arrived before. */
  noteWritten(): void {
    this.#outputWaitMs += this.#countTime();
  }

  addThrottle(): void {
    this.#throttles++;
  }

  addRetry(): void {
    this.#retries++;
  }

  end(outcome: StreamOutcome): void {
    this.#outcome = outcome;
    this.#endedAt = this.#clock.now();
  }

  /** The records that are counted in the expected ones: all but changes. */
  get #rows(): number {
    return Math.max(0, this.#records - (this.changes?.changes ?? 0));
  }

  #countTime(): number {
    const now = this.#clock.now();
    const elapsed = now - this.#countedAt;
    this.#countedAt = now;
    return elapsed;
  }
}

function capShare(share: number): number {
  return Math.max(0, Math.min(share, LARGEST_RUNNING_SHARE));
}
