import type { ItemPage } from '../../../item-page.ts';
import { merge, type Source } from '../../../merge.ts';
import type { Notice } from '../../read-plan.ts';
import { type ChangeRunOptions, toChangeRuns } from './change-page.ts';
import type { ChangeRecord } from '../../../aws/streams/change-records.ts';
import type { ChangeProgress, ShardAdvance } from '../change-progress.ts';
import type { ChangeSource } from './change-source.ts';
import { GapError } from '../gaps/gap-error.ts';
import { isGap } from '../gaps/gap-rule.ts';
import { ShardListing } from '../shards/shard-listing.ts';
import { type LostPosition, readShard, type ShardAnswer } from '../shards/shard-reader.ts';
import { isBehind, type ReadGoal } from './sync-end.ts';

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
  /** Whether old changes are passed, and no others read. Without it none is read of shards that have some. */
  readonly passesOld: boolean;
  /** Whether it is read all the same when changes are lost. */
  readonly toleratesGaps: boolean;
  readonly options: Omit<ChangeRunOptions, 'only'>;
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
    const { progress, passesOld } = this.#input;
    const { forest } = progress;
    for (const id of passesOld ? forest.passable() : forest.readable()) {
      if (this.#begun.has(id)) continue;
      if (passesOld || progress.oldOf(id) === undefined) return id;
    }
    return undefined;
  }

  async *#readShard(shardId: string, signal: AbortSignal): AsyncGenerator<AnswerOfShard> {
    const { progress, source, goal, passesOld } = this.#input;
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
          if (passesOld) progress.passOld(shardId);
          else progress.times.note(shardId, goal.target);
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
    const { progress, options, goal } = this.#input;
    const only = progress.oldOf(shardId);
    const { records = [], latestSecond = 0 } = answer ?? {};
    const chosen = only === undefined ? records : takeOld(records, goal);
    const isCut = chosen.length < records.length;
    const previous = progress.numberBefore(shardId);
    const { runs, number } = toChangeRuns(chosen, previous, { ...options, only });
    const last = chosen.at(-1);
    return {
      bytes: answer?.bytes ?? new Uint8Array(0),
      runs,
      advance: () => {
        this.#advance(shardId, {
          changes: runs.length,
          // Of old changes everything is known to be read, as far as it counts.
          latestSecond: only === undefined ? latestSecond : 0,
          isLast: isLast && !isCut,
          ...(last && { position: { after: last.sequenceNumber, number } }),
        });
        // The others of the answer are read once more, by the round that reads them.
        if (isCut || isLast) progress.passOld(shardId);
      },
      release: () => {
        answer?.release();
      },
    };
  }

  #advance(shardId: string, advance: ShardAdvance): void {
    const { progress, source } = this.#input;
    progress.advance(shardId, advance);
    if (advance.changes > 0) progress.times.noteDelivery(source.now());
    if (advance.isLast) this.#listing.lookForChildren(shardId);
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

/** The records before the first one that was made behind the goal. Creation times may jump back behind it. */
function takeOld(records: Iterable<ChangeRecord>, { target }: ReadGoal): readonly ChangeRecord[] {
  const old: ChangeRecord[] = [];
  for (const record of records) {
    if (isBehind(record.createdAt, target)) break;
    old.push(record);
  }
  return old;
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
