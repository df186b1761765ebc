import { bytesPerUnit, PAGE_BYTES } from '../../aws/dynamodb/read-units.ts';

// What an item is taken for until one has been seen.
const GUESSED_ITEM_BYTES = 4096;
// How much of what was learnt before still counts when the next page comes: it follows a change within a few pages.
const MEMORY = 0.6;

/** What the cost of pages is guessed from. */
export interface PageCostOptions {
  /** The budget; none means that pages are never made smaller. */
  readonly unitsPerSecond?: number;
  readonly consistentRead: boolean;
  /** Items a page may hold, as the config says. */
  readonly pageSize?: number;
  /** From the table's description; 0 means unknown. */
  readonly averageItemBytes: number;
}

/** How the next page is asked for, and what it will probably cost. */
export interface ExpectedPage {
  /** Items to evaluate at most; none means a full page. */
  readonly limit?: number;
  readonly units: number;
}

/** What a page turned out to be. */
export interface SeenPage {
  /** As the server counts them, which is not the same with all of them. */
  readonly units: number;
  /** Items that were evaluated; undefined where that is not known. */
  readonly items: number | undefined;
}

/**
 * Learns what pages cost, and keeps each below the budget of a second by asking for fewer items.
 *
 * @see https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/read-write-operations.html#read-operations
 */
export class PageCost {
  readonly #unitsPerSecond: number;
  readonly #pageSize: number;
  readonly #fullPageUnits: number;
  /** The smallest step of a bill, by which it is rounded up. */
  readonly #granule: number;
  #unitsPerItem: number;
  #hasSeenItems = false;
  #unitsPerFullPage: number;

  constructor({ unitsPerSecond, consistentRead, pageSize, averageItemBytes }: PageCostOptions) {
    const unitBytes = bytesPerUnit(consistentRead);
    this.#unitsPerSecond = unitsPerSecond ?? Infinity;
    this.#pageSize = pageSize ?? Infinity;
    this.#fullPageUnits = PAGE_BYTES / unitBytes;
    this.#granule = consistentRead ? 1 : 0.5;
    this.#unitsPerItem = (averageItemBytes || GUESSED_ITEM_BYTES) / unitBytes;
    this.#unitsPerFullPage = this.#fullPageUnits;
  }

  /** The next page. */
  predict(): ExpectedPage {
    const isFullAffordable = this.#fullPageUnits <= this.#unitsPerSecond;
    const affordable = isFullAffordable ? Infinity : this.#unitsPerSecond / this.#unitsPerItem;
    const limit = Math.min(this.#pageSize, Math.max(1, Math.floor(affordable)));
    if (limit === Infinity) return { units: this.#unitsPerFullPage };
    const units = Math.min(this.#fullPageUnits, limit * this.#unitsPerItem);
    return { limit, units: Math.max(this.#granule, units) };
  }

  /** Learns from a page that was asked for as `expected` says. */
  learn(expected: ExpectedPage, { units, items }: SeenPage): void {
    if (expected.limit === undefined) {
      this.#unitsPerFullPage = MEMORY * this.#unitsPerFullPage + (1 - MEMORY) * units;
    }
    if (items === undefined || items === 0) return;
    // A bill is rounded up to the next granule; half of one less is right in the mean. Without it, pages of one tiny
    // item would look as dear as they are short, and never grow.
    const exact = Math.max(this.#granule / 4, units - this.#granule / 2);
    // The last page of a segment is short and says little.
    const weight = Math.min(1, Math.max(items / (expected.limit ?? 1), units / expected.units));
    const memory = this.#hasSeenItems ? 1 - weight * (1 - MEMORY) : 0;
    this.#unitsPerItem = memory * this.#unitsPerItem + ((1 - memory) * exact) / items;
    this.#hasSeenItems = true;
  }
}
