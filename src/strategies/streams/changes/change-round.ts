import type { ItemPage } from '../../../item-page.ts';
import { merge, type Source } from '../../../merge.ts';
import type { Notice } from '../../read-plan.ts';
import { type ChangeRunOptions, toChangeRuns } from './change-page.ts';
import type { ChangeProgress } from '../change-progress.ts';
import type { ChangeSource } from './change-source.ts';
import { GapError } from '../gaps/gap-error.ts';
import { isGap } from '../gaps/gap-rule.ts';
import { ShardListing } from '../shards/shard-listing.ts';
import { type LostPosition, readShard, type ShardAnswer } from '../shards/shard-reader.ts';
import type { ReadGoal } from './sync-end.ts';

// An idle shard is asked ten times, mostly once a second, and holds nothing meanwhile but the position in it. Fewer at a
// time would make an idle sync of many shards longer; more would ask more often than one core can.
const MOST_FOLLOWED_SHARDS = 1024;
// A shard may be listed before GetShardIterator knows it.
const UNKNOWN_PATIENCE_MS = 60_000;
const UNKNOWN_PAUSE_MS = 2000;
// Time alone proves nothing: a reader of the output may have held everything up meanwhile.
const UNKNOWN_TRIES = 3;

/** What a change stream is read with. */
export interface ChangeRoundInput {
  readonly table: string;
  readonly source: ChangeSource;
  readonly progress: ChangeProgress;
  readonly goal: ReadGoal;
  /** Whether nothing but the shards that only tell of deletes are read. */
  readonly onlyDeletes: boolean;
  /** Whether it is read all the same when changes are lost. */
  readonly toleratesGaps: boolean;
  readonly options: Omit<ChangeRunOptions, 'onlyDeletes'>;
  readonly notify: (notice: Notice) => void;
}

interface AnswerOfShard extends ShardAnswer {
  readonly shardId: string;
}

/**
 * One reading of all shards up to a goal: parents before their children, many at a time.
 *
 * A page is advanced past before its shard counts as finished, and no child is begun before that.
 */
export class ChangeRound {
  readonly #input: ChangeRoundInput;
  readonly #listing: ShardListing;
  readonly #begun = new Set<string>();
  /** Answers that are not yielded yet. */
  readonly #held = new Set<AnswerOfShard>();
  #reading = 0;

  constructor(input: ChangeRoundInput) {
    const { source, progress, notify, table } = input;
    const { forest, arn } = progress;
    this.#input = input;
    this.#listing = new ShardListing({
      ...{ arn, source, forest },
      onChildless: (shardId) => {
        notify({
          level: 'warn',
          message: `${table}: DynamoDB lists no successor of the shard ${shardId}, which is read to its end. The next sync looks again.`,
        });
      },
    });
  }

  /** @throws ConnectorError; GapError where changes may be lost. */
  async *read(signal: AbortSignal): AsyncGenerator<ItemPage> {
    const lister: Source<undefined> = (stopped) =>
      this.#listing.run(() => this.#reading > 0 || this.#findNext() !== undefined, stopped);
    const sources = iterate<Source<AnswerOfShard | undefined>>([lister], () => this.#openNext());
    // The lister takes a place of its own.
    const merged = merge(sources, { concurrency: MOST_FOLLOWED_SHARDS + 1, signal });
    // Numbers and columns take memory, so that only the answer whose turn it is has them.
    try {
      for await (const answer of merged) {
        if (answer === undefined) continue;
        const page = this.#toItemPage(answer);
        this.#held.delete(answer);
        yield page;
      }
    } finally {
      // A gap ends the round while other shards have answers; the next round needs their places.
      for (const { answer } of this.#held) answer?.release();
    }
  }

  #openNext(): Source<AnswerOfShard> | undefined {
    const id = this.#findNext();
    if (id === undefined) return undefined;
    this.#begun.add(id);
    this.#reading++;
    return (signal) => this.#readShard(id, signal);
  }

  #findNext(): string | undefined {
    const { progress, onlyDeletes } = this.#input;
    for (const id of progress.forest.readable()) {
      if (this.#begun.has(id)) continue;
      if (!onlyDeletes || progress.isOnlyDeletes(id)) return id;
    }
    return undefined;
  }

  async *#readShard(shardId: string, signal: AbortSignal): AsyncGenerator<AnswerOfShard> {
    const { progress, source, goal } = this.#input;
    const after = progress.forest.open.get(shardId)?.after;
    const answers = readShard(
      {
        ...{ source, goal, place: { arn: progress.arn, shardId } },
        ...(after !== undefined && { after }),
        beginWithOldest: () => {
          this.#rejectGap(shardId);
        },
        onUnknown: this.#createUnknownRule(shardId),
        onTip: () => {
          progress.times.note(shardId, goal.target);
        },
      },
      signal,
    );
    try {
      for await (const answer of answers) {
        const held = { shardId, ...answer };
        this.#held.add(held);
        yield held;
      }
    } finally {
      this.#reading--;
      this.#listing.wake();
    }
  }

  /** The one before it of the same shard was advanced past. */
  #toItemPage({ shardId, answer, isLast }: AnswerOfShard): ItemPage {
    const { progress, options, source } = this.#input;
    const onlyDeletes = progress.isOnlyDeletes(shardId);
    const { records = [], latestSecond = 0 } = answer ?? {};
    const previous = progress.numberBefore(shardId);
    const { runs, number } = toChangeRuns(records, previous, { ...options, onlyDeletes });
    const last = records.at(-1);
    const position = last && { after: last.sequenceNumber, number };
    return {
      bytes: answer?.bytes ?? new Uint8Array(0),
      runs,
      advance: () => {
        const changes = runs.length;
        progress.advance(shardId, { changes, latestSecond, isLast, ...(position && { position }) });
        if (changes > 0) progress.times.noteDelivery(source.now());
        if (isLast) this.#listing.lookForChildren(shardId);
      },
      release: () => {
        answer?.release();
      },
    };
  }

  /** @throws GapError when something before the oldest record that is left may never have been read. */
  #rejectGap(shardId: string): void {
    const { progress, source, table, toleratesGaps } = this.#input;
    if (toleratesGaps) return;
    const readTo = progress.times.of(shardId);
    if (!isGap(readTo, source.now())) return;
    throw new GapError(
      `The changes of ${table} are read up to ${new Date(readTo).toISOString()}, and DynamoDB keeps them for 24 hours only, so some of them may be gone.`,
    );
  }

  /** What to do about a shard that GetShardIterator does not know, although it is listed or was. */
  #createUnknownRule(shardId: string): (signal: AbortSignal) => Promise<LostPosition> {
    const { progress, source, notify, table } = this.#input;
    const giveUpAt = source.now() + UNKNOWN_PATIENCE_MS;
    let tries = 0;
    let timesUnlisted = 0;
    return async (signal) => {
      await this.#listing.listAgain();
      if (signal.aborted) return 'give up';
      if (!progress.forest.isListed(shardId) && ++timesUnlisted > 1) {
        this.#rejectGap(shardId);
        return 'gone';
      }
      if (++tries < UNKNOWN_TRIES || source.now() < giveUpAt) {
        await source.sleep(UNKNOWN_PAUSE_MS, signal);
        return 'try again';
      }
      notify({
        level: 'warn',
        message: `${table}: DynamoDB lists the shard ${shardId}, but does not let it be read yet. The next sync tries again.`,
      });
      return 'give up';
    };
  }
}

/** Some values, and then whatever is next each time that one is asked for. */
function iterate<T>(first: readonly T[], next: () => T | undefined): Iterable<T> {
  const rest = [...first];
  return {
    [Symbol.iterator]: () => ({
      next: () => {
        const value = rest.shift() ?? next();
        return value === undefined ? { done: true, value } : { done: false, value };
      },
    }),
  };
}
