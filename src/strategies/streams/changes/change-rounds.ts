import { isOfReason } from '../../../errors.ts';
import type { ItemPage } from '../../../item-page.ts';
import type { CdcColumns } from '../../cdc-columns.ts';
import type { Notice } from '../../read-plan.ts';
import type { ChangeProgress } from '../change-progress.ts';
import { createUnreadableError } from '../change-texts.ts';
import type { ChangePlan } from '../stream-plan.ts';
import { isOfSameTable } from '../usable-stream.ts';
import { ChangeRound } from './change-round.ts';
import type { ChangeSource } from './change-source.ts';
import { USUAL_ANSWERS } from './sync-end.ts';

/** What the rounds of a sync have in common. */
export interface ChangeRoundsInput {
  readonly plan: Pick<ChangePlan, 'table' | 'arn' | 'includeOldImage'>;
  readonly source: ChangeSource;
  readonly columns: CdcColumns;
  readonly notify: (notice: Notice) => void;
}

type Choice = Pick<ConstructorParameters<typeof ChangeRound>[0], 'goal'> & {
  readonly passesOld?: boolean;
  readonly toleratesGaps?: boolean;
};

/** The rounds through the shards of a change stream in one sync, by what they are for. */
export class ChangeRounds {
  readonly #input: ChangeRoundsInput;

  constructor(input: ChangeRoundsInput) {
    this.#input = input;
  }

  /** Reads what is new, until this many answers in a row of each shard had nothing. @throws GapError, ConnectorError. */
  readChanges(
    progress: ChangeProgress,
    answers: number,
    signal: AbortSignal,
  ): AsyncGenerator<ItemPage> {
    const goal = { target: this.#input.source.now(), answers };
    return this.#open(progress, { goal }).read(signal);
  }

  /**
   * Passes the old changes, from the oldest on, and reads what counts of them.
   *
   * They are not read as others are: until all newer ones are, an item would stand in the destination as it was long
   * ago, and if these are trimmed meanwhile it would stay so.
   *
   * @throws GapError, ConnectorError.
   */
  async *passOld(
    progress: ChangeProgress,
    signal: AbortSignal,
    toleratesGaps = false,
  ): AsyncGenerator<ItemPage> {
    if (!progress.hasOld()) return;
    const goal = { target: progress.oldUntil, answers: USUAL_ANSWERS };
    yield* this.#open(progress, { goal, passesOld: true, toleratesGaps }).read(signal);
    if (!signal.aborted) progress.endOld();
    // A delete that comes behind the row of an item that was made again would take it away.
    if (progress.hasOld() && !toleratesGaps && !signal.aborted) {
      throw createUnreadableError(this.#input.plan.table);
    }
  }

  /** Reads what the change stream that the table had before still holds, which may be trimmed in part. */
  async *readFormerStream(progress: ChangeProgress, signal: AbortSignal): AsyncGenerator<ItemPage> {
    const { plan, source } = this.#input;
    if (progress.arn === plan.arn || !isOfSameTable(progress.arn, plan.arn)) return;
    // What was written between the two is missing, so nothing behind that counts as read.
    progress.times.hold();
    const goal = { target: source.now(), answers: USUAL_ANSWERS };
    try {
      yield* this.passOld(progress, signal, true);
      yield* this.#open(progress, { goal, toleratesGaps: true }).read(signal);
    } catch (error) {
      if (!isOfReason(error, 'missing')) throw error;
    }
  }

  #open(progress: ChangeProgress, choice: Choice): ChangeRound {
    const { plan, source, columns, notify } = this.#input;
    const options = { columns, includeOldImage: plan.includeOldImage };
    const { goal, passesOld = false, toleratesGaps = false } = choice;
    return new ChangeRound({
      ...{ table: plan.table, source, progress, options, notify },
      ...{ goal, passesOld, toleratesGaps },
    });
  }
}
