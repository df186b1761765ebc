import type { ItemPage } from '../../../item-page.ts';
import type { CdcColumns } from '../../cdc-columns.ts';
import type { Notice } from '../../read-plan.ts';
import type { ChangeProgress } from '../change-progress.ts';
import { createUnreadableError } from '../change-texts.ts';
import type { ChangePlan } from '../stream-plan.ts';
import { isOfSameTable } from '../usable-stream.ts';
import { ChangeRound } from './change-round.ts';
import { type ChangeSource, isOfReason } from './change-source.ts';
import { USUAL_ANSWERS } from './sync-end.ts';

/** What the rounds of a sync have in common. */
export interface ChangeRoundsInput {
  readonly plan: Pick<ChangePlan, 'table' | 'arn' | 'includeOldImage'>;
  readonly source: ChangeSource;
  readonly columns: CdcColumns;
  readonly notify: (notice: Notice) => void;
}

type Choice = Pick<ConstructorParameters<typeof ChangeRound>[0], 'goal'> & {
  readonly onlyDeletes?: boolean;
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

  /** Reads what closed shards say is gone, before a snapshot. @throws ConnectorError. */
  async *readDeletes(progress: ChangeProgress, signal: AbortSignal): AsyncGenerator<ItemPage> {
    if (!progress.hasOnlyDeletes()) return;
    const goal = { target: Infinity, answers: Infinity };
    yield* this.#open(progress, { goal, onlyDeletes: true }).read(signal);
    // A delete that comes behind the row of an item that was made again would take it away.
    if (progress.hasOnlyDeletes() && !signal.aborted) {
      throw createUnreadableError(this.#input.plan.table);
    }
  }

  /** Reads what the change stream that the table had before still holds, which may be trimmed in part. */
  async *readFormerStream(progress: ChangeProgress, signal: AbortSignal): AsyncGenerator<ItemPage> {
    const { plan, source } = this.#input;
    if (progress.arn === plan.arn || !isOfSameTable(progress.arn, plan.arn)) return;
    const goal = { target: source.now(), answers: USUAL_ANSWERS };
    try {
      yield* this.#open(progress, { goal, toleratesGaps: true }).read(signal);
    } catch (error) {
      if (!isOfReason(error, 'missing')) throw error;
    }
  }

  #open(progress: ChangeProgress, choice: Choice): ChangeRound {
    const { plan, source, columns, notify } = this.#input;
    const options = { columns, includeOldImage: plan.includeOldImage };
    const { goal, onlyDeletes = false, toleratesGaps = false } = choice;
    return new ChangeRound({
      ...{ table: plan.table, source, progress, options, notify },
      ...{ goal, onlyDeletes, toleratesGaps },
    });
  }
}
