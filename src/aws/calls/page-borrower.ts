/** The least that a page costs, in bytes. A full page of 1 MB of items is usually 1.0 to 1.5 MB of JSON. */
export const PAGE_BYTES = 5 * 2 ** 18;

/**
 * What one reader has borrowed from a pool that several share, in bytes.
 *
 * The size of a page is known when it arrives. Until then it is assumed to be that of the longest recent page.
 */
export class Borrower {
  /** How many pages it can use at the same time. */
  readonly wanted: number;
  #expected: number;
  #inFlight = 0;
  #arrived = 0;
  #arrivedBytes = 0;

  /** @param firstExpected the assumed size of a page before any has arrived. */
  constructor(wanted: number, firstExpected: number) {
    this.wanted = wanted;
    this.#expected = Math.max(PAGE_BYTES, firstExpected);
  }

  /** What its loans cost together. */
  get held(): number {
    return this.#arrivedBytes + this.#inFlight * this.#expected;
  }

  /** What one more loan would cost. */
  get expected(): number {
    return this.#expected;
  }

  /** Whether it has anything on loan. */
  get hasLoans(): boolean {
    return this.#inFlight + this.#arrived > 0;
  }

  /** Begins a loan for a page that is in flight from then on. */
  borrow(): void {
    this.#inFlight++;
  }

  /** Notes that the page of a loan has arrived, and what it costs. */
  settle(cost: number): void {
    this.#inFlight--;
    this.#arrived++;
    this.#arrivedBytes += cost;
    this.#expected = expectNext(this.#expected, cost);
  }

  /** Ends a loan. Its cost is undefined when no page has arrived. */
  giveBack(cost: number | undefined): void {
    if (cost === undefined) {
      this.#inFlight--;
      return;
    }
    this.#arrived--;
    this.#arrivedBytes -= cost;
  }
}

/**
 * Returns the assumed cost of the next page after one that cost `settled`. A long page is remembered through a few
 * shorter ones, since others like it may be in flight.
 */
export function expectNext(expected: number, settled: number): number {
  return Math.max(settled, expected / 2);
}
