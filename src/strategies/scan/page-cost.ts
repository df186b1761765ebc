import { bytesPerUnit, PAGE_BYTES } from '../../aws/dynamodb/read-units.ts';

// The assumed size of an item until one has been seen.
const GUESSED_ITEM_BYTES = 4096;
// The weight of earlier pages when the next one arrives: the guess follows a change within a few pages.
const MEMORY = 0.6;

/** What the expected cost of pages is computed from. */
export interface PageCostOptions {
  /** The budget; without one, pages are never made smaller. */
  readonly unitsPerSecond?: number;
  readonly consistentRead: boolean;
  /** How many items a page may contain, according to the config. */
  readonly pageSize?: number;
  /** From the table's description; 0 means unknown. */
  readonly averageItemBytes: number;
}

/** How the next page is requested, and what it will probably cost. */
export interface ExpectedPage {
  /** The largest number of items to evaluate; none means a full page. */
  readonly limit?: number;
  readonly units: number;
}

/** What a page turned out to be. */
export interface SeenPage {
  /** By the server's count, which differs between servers. */
  readonly units: number;
  /** Items that were evaluated; undefined if that is not known. */
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
  /** The smallest unit of a bill, to which it is rounded up. */
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

  /** Predicts the next page. */
  predict(): ExpectedPage {
    const isFullAffordable = this.#fullPageUnits <= this.#unitsPerSecond;
    const affordable = isFullAffordable ? Infinity : this.#unitsPerSecond / this.#unitsPerItem;
    const limit = Math.min(this.#pageSize, Math.max(1, Math.floor(affordable)));
    if (limit === Infinity) return { units: this.#unitsPerFullPage };
    const units = Math.min(this.#fullPageUnits, limit * this.#unitsPerItem);
    return { limit, units: Math.max(this.#granule, units) };
  }

  /** Learns from a page that was requested as `expected` says. */
  learn(expected: ExpectedPage, { units, items }: SeenPage): void {
    if (expected.limit === undefined) {
      this.#unitsPerFullPage = MEMORY * this.#unitsPerFullPage + (1 - MEMORY) * units;
    }
    if (items === undefined || items === 0) return;
    // A bill is rounded up to the next granule; subtracting half a granule is correct on average. Otherwise one tiny
    // item would seem so expensive that pages of single items would never grow.
    const exact = Math.max(this.#granule / 4, units - this.#granule / 2);
    // The last page of a segment is short and says little.
    const weight = Math.min(1, Math.max(items / (expected.limit ?? 1), units / expected.units));
    const memory = this.#hasSeenItems ? 1 - weight * (1 - MEMORY) : 0;
    this.#unitsPerItem = memory * this.#unitsPerItem + ((1 - memory) * exact) / items;
    this.#hasSeenItems = true;
  }
}
