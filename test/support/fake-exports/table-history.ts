import type { JsonObject } from '../json.ts';

/** An item in DynamoDB JSON. */
export type Item = Readonly<Record<string, JsonObject>>;

/** A write that succeeded; without an item, a delete. */
export interface Write {
  /** Microseconds since 1970. */
  readonly at: number;
  readonly key: string;
  readonly item: Item | undefined;
}

/** What an incremental export says of a key. */
export interface Change {
  readonly key: string;
  /** Microseconds since 1970, of the last write. */
  readonly writtenAt: number;
  readonly old: Item | undefined;
  readonly new: Item | undefined;
}

/** All writes of a table with one key attribute, `pk`, from which it is known as of any moment. */
export class TableHistory {
  readonly writes: Write[] = [];

  put(at: number, key: string, value: number): void {
    this.writes.push({ at, key, item: { pk: { S: key }, v: { N: String(value) } } });
  }

  delete(at: number, key: string): void {
    this.writes.push({ at, key, item: undefined });
  }

  /** The items of all writes before a moment, by key. Microseconds since 1970. */
  asOf(moment: number): ReadonlyMap<string, Item> {
    const items = new Map<string, Item>();
    for (const { at, key, item } of this.writes) {
      if (at >= moment) continue;
      if (item === undefined) items.delete(key);
      else items.set(key, item);
    }
    return items;
  }

  /**
   * What an incremental export has of the writes from one moment to before another: the last state of each key. One that
   * was made and deleted in the window is not in it.
   */
  changes(from: number, to: number): readonly Change[] {
    const before = this.asOf(from);
    const after = this.asOf(to);
    const last = new Map(
      this.writes.filter(({ at }) => at >= from && at < to).map(({ key, at }) => [key, at]),
    );
    return [...last]
      .map(([key, writtenAt]) => ({ key, writtenAt, old: before.get(key), new: after.get(key) }))
      .filter((change) => change.old !== undefined || change.new !== undefined);
  }
}
