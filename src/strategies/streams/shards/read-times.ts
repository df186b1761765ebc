import type { ShardForest } from './shard-forest.ts';

/**
 * Up to when the shards of a change stream are proven to be read, in milliseconds by AWS's clock.
 *
 * A shard that nothing is known of is read up to where its parent is, or else to where all of them are.
 */
export class ReadTimes {
  readonly #forest: ShardForest;
  readonly #byShard = new Map<string, number>();
  #all: number;
  #isHeld = false;
  #latest: number;

  /**
   * @param all up to when every shard is read.
   * @param latest up to when anything was delivered at most.
   */
  constructor(forest: ShardForest, all: number, latest: number) {
    this.#forest = forest;
    this.#all = all;
    this.#latest = latest;
  }

  /** Up to when anything was delivered at most. */
  get latest(): number {
    return Math.max(this.#latest, this.#all);
  }

  /** Up to when a shard is read, and its ancestors. */
  of(id: string): number {
    const own = this.#byShard.get(id);
    if (own !== undefined) return Math.max(own, this.#all);
    const parent = this.#forest.parentOf(id);
    return parent === undefined ? this.#all : this.of(parent);
  }

  /** Notes that a shard is read up to a time. */
  note(id: string, at: number): void {
    this.#byShard.set(id, Math.max(at, this.of(id)));
  }

  /** Notes that every shard is read up to a time, whatever was read of it. */
  noteAll(at: number): void {
    this.#all = Math.max(at, this.#all);
  }

  /** Has the time up to which every shard is read stay as it is: something is missing behind it. */
  hold(): void {
    this.#isHeld = true;
  }

  /** Notes that something was delivered that may be as late as this. */
  noteDelivery(at: number): void {
    this.#latest = Math.max(this.#latest, at);
  }

  /** Up to when every shard is read. A finished shard without children counts too: they may not be listed yet. */
  findAll(): number {
    if (this.#isHeld) return this.#all;
    const { open, finished } = this.#forest;
    const leaves = [...finished.keys()].filter((id) => !this.#forest.hasChildren(id));
    const times = [...open.keys(), ...leaves].map((id) => this.of(id));
    if (times.length > 0) this.#all = times.reduce((least, time) => Math.min(least, time));
    return this.#all;
  }
}
