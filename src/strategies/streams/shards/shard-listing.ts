import type { Shard, ShardPage } from '../../../aws/streams/change-stream.ts';
import type { ChangeSource } from '../changes/change-source.ts';
import type { ShardForest } from './shard-forest.ts';

// A shard may be missing in the listing for a while, such as the child of one that was just closed.
const CHILD_PATIENCE_MS = 60_000;
const FIRST_PAUSE_MS = 500;
const LONGEST_PAUSE_MS = 10_000;

/** What shards are listed for. */
export interface ShardListingInput {
  readonly arn: string;
  readonly source: ChangeSource;
  readonly forest: ShardForest;
  /** Told of a shard that was read to its end and has no child that is listed. */
  readonly onChildless: (shardId: string) => void;
}

/** Keeps the shards of a forest up to date: lists all at first, and again when something is not listed that ought to be. */
export class ShardListing {
  readonly #input: ShardListingInput;
  /** Closed shards whose children are awaited, and until when. */
  readonly #awaited = new Map<string, number>();
  /** Until when the parents of orphans are awaited. */
  #orphansUntil: number | undefined;
  #waiters: (() => void)[] = [];
  #isDue = true;
  /** Whether the change stream was disabled when it was last listed, so that nothing new comes. */
  #isDisabled = false;
  #isOver = false;
  #pauseMs = 0;
  #wake: () => void = () => undefined;

  constructor(input: ShardListingInput) {
    this.#input = input;
  }

  /** Has the shards listed again unless a child of this one is known. */
  lookForChildren(shardId: string): void {
    if (this.#isDisabled || this.#input.forest.hasChildren(shardId)) return;
    this.#awaited.set(shardId, this.#input.source.now() + CHILD_PATIENCE_MS);
    this.#isDue = true;
    this.#pauseMs = 0;
    this.#wake();
  }

  /** Has the shards listed again; resolves when that is done, or cannot be any more. */
  async listAgain(): Promise<void> {
    if (this.#isOver) return;
    this.#isDue = true;
    const listed = new Promise<void>((resolve) => this.#waiters.push(resolve));
    this.#wake();
    await listed;
  }

  /** Has `run` look again whether it is done. */
  wake(): void {
    this.#wake();
  }

  /**
   * Lists whenever that is due, and yields after each page, until nobody needs it.
   *
   * @throws ConnectorError of DescribeStream.
   */
  async *run(isNeeded: () => boolean, signal: AbortSignal): AsyncGenerator<undefined> {
    try {
      while (!signal.aborted) {
        if (this.#isDue) yield* this.#list(signal);
        else if (isNeeded()) await this.#sleepUntilWoken(signal);
        else return;
      }
    } catch (error) {
      if (!signal.aborted) throw error;
    } finally {
      this.#isOver = true;
      this.#resolveWaiters(this.#waiters.splice(0));
    }
  }

  async *#list(signal: AbortSignal): AsyncGenerator<undefined> {
    const { source, forest } = this.#input;
    if (this.#pauseMs > 0) await source.sleep(this.#pauseMs, signal);
    this.#isDue = false;
    const waiters = this.#waiters.splice(0);
    try {
      for await (const { shards, status } of listShards(this.#input, signal)) {
        this.#isDisabled = status === 'DISABLED' || status === 'DISABLING';
        forest.list(shards, ({ parentId }) => (parentId === undefined ? {} : { parent: parentId }));
        yield;
      }
      forest.endListing();
      this.#reviewAwaited();
    } finally {
      this.#resolveWaiters(waiters);
    }
    // What became readable with the end of the listing is begun.
    yield;
  }

  #reviewAwaited(): void {
    const { source, forest, onChildless } = this.#input;
    for (const [id, until] of this.#awaited) {
      const isOver = source.now() >= until || this.#isDisabled;
      if (!forest.hasChildren(id) && !isOver) continue;
      this.#awaited.delete(id);
      if (!forest.hasChildren(id) && !this.#isDisabled) onChildless(id);
    }
    this.#reviewOrphans();
    if (this.#awaited.size === 0 && forest.orphans.size === 0) return;
    this.#isDue = true;
    this.#pauseMs = Math.min(LONGEST_PAUSE_MS, Math.max(FIRST_PAUSE_MS, 2 * this.#pauseMs));
  }

  #reviewOrphans(): void {
    const { source, forest } = this.#input;
    if (forest.orphans.size === 0) this.#orphansUntil = undefined;
    else this.#orphansUntil ??= source.now() + CHILD_PATIENCE_MS;
    if (this.#isDisabled || source.now() >= (this.#orphansUntil ?? Infinity)) forest.adoptOrphans();
  }

  #resolveWaiters(waiters: readonly (() => void)[]): void {
    for (const resolve of waiters) resolve();
  }

  #sleepUntilWoken(signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const wake = (): void => {
        signal.removeEventListener('abort', wake);
        this.#wake = () => undefined;
        resolve();
      };
      this.#wake = wake;
      signal.addEventListener('abort', wake, { once: true });
    });
  }
}

/** The pages of a whole listing. */
export async function* listShards(
  { arn, source }: Pick<ShardListingInput, 'arn' | 'source'>,
  signal: AbortSignal,
): AsyncGenerator<ShardPage> {
  let startShardId: string | undefined;
  do {
    const page: ShardPage = await source.describe(arn, startShardId, signal);
    yield page;
    startShardId = page.lastShardId;
  } while (startShardId !== undefined);
}

/** All shards that are listed now. */
export async function listAllShards(
  input: Pick<ShardListingInput, 'arn' | 'source'>,
  signal: AbortSignal,
): Promise<readonly Shard[]> {
  const shards: Shard[] = [];
  for await (const page of listShards(input, signal)) shards.push(...page.shards);
  return shards;
}
