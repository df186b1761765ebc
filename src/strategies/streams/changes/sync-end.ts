/** Empty answers in a row that show that a shard holds nothing more for the moment. */
export const USUAL_ANSWERS = 10;
/** The same at the end of a snapshot, which goes on from there for as long as the connection lives. */
export const ANSWERS_AFTER_SNAPSHOT = 30;
// A change is in its shard within a second or so of its write.
const DELAY_MS = 5000;

/** What a shard is read to. */
export interface ReadGoal {
  /** In milliseconds by AWS's clock. */
  readonly target: number;
  /** Empty answers in a row that count as the end. */
  readonly answers: number;
}

/** What an answer of a shard shows of its end. */
export interface SeenAnswer {
  readonly recordCount: number;
  /** Seconds since 1970 of the latest record, 0 without any. */
  readonly latestSecond: number;
  /** When the answer came, in milliseconds by AWS's clock. */
  readonly at: number;
}

/**
 * Whether one shard is read up to a target.
 *
 * It is when a record of a later second came, or after enough empty answers in a row, the last of them a while after
 * the target: an answer may be empty though records follow. Stopping early delays changes until the next sync, and
 * never loses one.
 */
export class SyncEnd {
  readonly #goal: ReadGoal;
  #emptyAnswers = 0;

  constructor(goal: ReadGoal) {
    this.#goal = goal;
  }

  /** Notes an answer; whether the shard is read up to the target. */
  note({ recordCount, latestSecond, at }: SeenAnswer): boolean {
    const { target, answers } = this.#goal;
    if (recordCount > 0) {
      this.#emptyAnswers = 0;
      return isBehind(latestSecond, target);
    }
    this.#emptyAnswers++;
    return this.#emptyAnswers >= answers && at >= target + DELAY_MS;
  }
}

/** Whether a second since 1970 lies behind a target in milliseconds. */
export function isBehind(second: number, target: number): boolean {
  return second > Math.floor(target / 1000);
}
