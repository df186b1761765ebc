import type { ChangeNumber } from '../changes/change-number.ts';
import type { Shard } from '../../../aws/streams/change-stream.ts';
import type { ChangeState, ShardState } from '../change-state.ts';

/**
 * The shards of a change stream: which are read to their end, and which may be read next.
 *
 * A shard may be read once its parent is finished; a parent that is neither known nor listed counts as read. A finished
 * shard is kept until DescribeStream lists it no more, for a shard that is listed and not known is read as a new one.
 *
 * DescribeStream may leave a shard out for a while. So a new one whose parent it does not list is an orphan that waits
 * until that comes, or is not expected any more; and a parent that comes when its child is begun counts as read.
 */
export class ShardForest {
  readonly #open: Map<string, ShardState>;
  readonly #finished: Map<string, ChangeNumber>;
  /** The parent of each shard that was seen. */
  readonly #parents = new Map<string, string>();
  /** Shards that have children. */
  readonly #withChildren = new Set<string>();
  readonly #orphans = new Set<string>();
  readonly #isResumed: boolean;
  /** What the running listing has named so far, and what of it is new. */
  #listing = new Set<string>();
  readonly #new = new Set<string>();
  /** What the last listing named; undefined before one is complete. */
  #listed: ReadonlySet<string> | undefined;

  constructor({ shards, finished }: Pick<ChangeState, 'shards' | 'finished'>) {
    this.#open = new Map(Object.entries(shards));
    this.#finished = new Map(Object.entries(finished));
    this.#isResumed = this.#open.size + this.#finished.size > 0;
    for (const [id, { parent }] of this.#open) this.#noteParent(id, parent);
  }

  /** Those that are not read to their end. */
  get open(): ReadonlyMap<string, ShardState> {
    return this.#open;
  }

  get finished(): ReadonlyMap<string, ChangeNumber> {
    return this.#finished;
  }

  /** Whether a shard was listed that has it as its parent. */
  hasChildren(id: string): boolean {
    return this.#withChildren.has(id);
  }

  parentOf(id: string): string | undefined {
    return this.#parents.get(id);
  }

  isParentOpen(id: string): boolean {
    const parent = this.parentOf(id);
    return parent !== undefined && this.#open.has(parent);
  }

  /**
   * Takes in a page of the running listing.
   *
   * @param begin says where a new one is begun.
   */
  list(shards: readonly Shard[], begin: (shard: Shard) => ShardState): void {
    for (const shard of shards) {
      this.#listing.add(shard.id);
      this.#noteParent(shard.id, shard.parentId);
      if (this.#open.has(shard.id) || this.#finished.has(shard.id)) continue;
      const inherited = this.#findNumberOfChild(shard.id);
      if (inherited === undefined) this.#begin(shard.id, begin(shard));
      else this.#finished.set(shard.id, inherited);
    }
  }

  /** Ends the running listing, which is complete: finished shards that it does not name are forgotten. */
  endListing(): void {
    for (const [id, number] of this.#finished) {
      if (this.#listing.has(id)) continue;
      this.#finished.delete(id);
      this.#bequeath(id, number);
    }
    for (const id of this.#orphans) if (this.#isParentKnown(id)) this.#orphans.delete(id);
    for (const id of this.#open.keys()) this.#shareOld(id);
    this.#new.clear();
    this.#listed = this.#listing;
    this.#listing = new Set();
  }

  /** Shards that wait for a parent that is not listed. */
  get orphans(): ReadonlySet<string> {
    return this.#orphans;
  }

  /** Has orphans wait no longer: their parents are gone. */
  adoptOrphans(): void {
    this.#orphans.clear();
  }

  /** Whether the last complete listing names a shard. */
  isListed(id: string): boolean {
    return this.#listed?.has(id) === true;
  }

  /** The shards whose turn it is, those that are being read among them. */
  *readable(): Generator<string> {
    for (const [id, { parent }] of this.#open) {
      if (parent === undefined || this.#finished.has(parent)) yield id;
      else if (this.#listed === undefined || this.#open.has(parent)) continue;
      else if (!this.#orphans.has(id)) yield id;
    }
  }

  /** The shards whose old changes may be passed, those that are being read among them. */
  *passable(): Generator<string> {
    for (const [id, { parent, only }] of this.#open) {
      if (only !== undefined && (parent === undefined || !this.#open.get(parent)?.only)) yield id;
    }
  }

  /** The number of the change before the next one of a shard; undefined when none was read since the base. */
  numberBefore(id: string): ChangeNumber | undefined {
    const { cursor, parent } = this.#open.get(id) ?? {};
    return cursor ?? (parent === undefined ? undefined : this.#finished.get(parent));
  }

  /** Notes that a shard was read, and that it goes on behind this position. */
  advance(id: string, position: Pick<ShardState, 'after' | 'cursor'>): void {
    const { parent, only } = this.#open.get(id) ?? {};
    this.#open.set(id, { ...(parent && { parent }), ...position, ...(only && { only }) });
  }

  /** Notes that the old changes of a shard are passed. Its next number grows from this one. */
  passOld(id: string, cursor: ChangeNumber): void {
    const { only, after, parent } = this.#open.get(id) ?? {};
    if (only === undefined) return;
    this.#open.set(id, {
      ...(parent !== undefined && { parent }),
      ...(after !== undefined && { after, cursor }),
    });
  }

  /**
   * Has the parents of shards that are begun count as read: they were listed late. With old changes behind them, all of
   * theirs are old.
   */
  finishLateParents(number: ChangeNumber): void {
    for (const [id, { after }] of this.#open) {
      if (after === undefined) continue;
      for (
        let parent = this.parentOf(id);
        parent !== undefined && this.#open.has(parent);
        parent = this.parentOf(parent)
      ) {
        this.finish(parent, number);
      }
    }
  }

  /** Notes that a shard was read to its end. */
  finish(id: string, number: ChangeNumber): void {
    this.#open.delete(id);
    this.#finished.set(id, number);
  }

  /** What is listed at first may have lost its parents long ago; of what comes later the parent was there a while ago. */
  #begin(id: string, state: ShardState): void {
    this.#open.set(id, state);
    this.#new.add(id);
    const isFirst = this.#listed === undefined && !this.#isResumed;
    if (!isFirst && !this.#isParentKnown(id)) this.#orphans.add(id);
  }

  /** A shard that is listed later than its child has old changes if that has some, and so have those before it. */
  #shareOld(id: string): void {
    const { parent, only } = this.#open.get(id) ?? {};
    if (only === undefined || parent === undefined || !this.#new.has(parent)) return;
    const state = this.#open.get(parent);
    if (state === undefined || state.only !== undefined) return;
    this.#open.set(parent, { ...state, only });
    this.#shareOld(parent);
  }

  #isParentKnown(id: string): boolean {
    const parent = this.#open.get(id)?.parent;
    return parent === undefined || this.#open.has(parent) || this.#finished.has(parent);
  }

  /** The number of a child that is begun, or finished. */
  #findNumberOfChild(id: string): ChangeNumber | undefined {
    if (!this.#withChildren.has(id)) return undefined;
    const children = [...this.#parents].filter(([, parent]) => parent === id);
    const numbers = children.map(
      ([child]) => this.#open.get(child)?.cursor ?? this.#finished.get(child),
    );
    return numbers.find((number) => number !== undefined);
  }

  #noteParent(id: string, parent: string | undefined): void {
    if (parent === undefined) return;
    this.#parents.set(id, parent);
    this.#withChildren.add(parent);
  }

  /** Children that were not begun count on from the last number of their parent, even when that is forgotten. */
  #bequeath(parent: string, cursor: ChangeNumber): void {
    for (const [id, state] of this.#open) {
      if (state.parent !== parent || state.cursor !== undefined || state.only) continue;
      this.#open.set(id, { ...state, cursor });
    }
  }
}
