import { setInterval } from 'node:timers';
import type { FakeAws } from '../support/fake-aws.ts';
import { ChangingTable } from '../support/fake-streams/changing-table.ts';
import type { JsonObject } from '../support/json.ts';

/** The basket that changes again and again. */
export const BUSY_BASKET = 'B-1001';
/** The one that its customer deletes. */
export const DELETED_BASKET = 'B-1003';

const PUT_INTERVAL_MS = 500;

/** Items by the value of their key, in DynamoDB JSON. */
export type Baskets = ReadonlyMap<string, JsonObject>;

/** A table of baskets with a change stream, and somebody who writes to it. */
export class ChangingBaskets {
  readonly name = 'baskets';
  readonly #table: ChangingTable;
  /** What the table held after so many changes. */
  readonly #history: Baskets[];
  #articles = 1;

  constructor(aws: FakeAws) {
    const items = {
      [BUSY_BASKET]: basket('Ada', 1, '9.9'),
      'B-1002': basket('Grace', 4, '61.25'),
      [DELETED_BASKET]: basket('Linus', 2, '1249.5'),
      'B-1004': basket('Barbara', 7, '18'),
    };
    this.#table = new ChangingTable(aws, { name: this.name, items });
    this.#history = [new Map(this.#table.items)];
  }

  get size(): number {
    return this.#table.items.size;
  }

  /** What the table held after so many changes. */
  itemsAfter(changes: number): Baskets | undefined {
    return this.#history[changes];
  }

  /** An update, a put, a delete by its customer, and one because its time to live was over. */
  changeSome(): void {
    this.#put('B-1002', basket('Grace', 3, '48.75'));
    this.#put('B-1005', basket('Edsger', 1, '5'));
    this.#delete(DELETED_BASKET, false);
    this.#delete('B-1004', true);
  }

  /** Puts one article after another into a basket until that has happened. */
  async changeUntil<T>(done: Promise<T>): Promise<T> {
    const timer = setInterval(() => {
      this.#articles += 1;
      this.#put(BUSY_BASKET, basket('Ada', this.#articles, String((99 * this.#articles) / 10)));
    }, PUT_INTERVAL_MS);
    try {
      return await done;
    } finally {
      clearInterval(timer);
    }
  }

  #put(pk: string, attributes: JsonObject): void {
    this.#table.put(pk, attributes);
    this.#history.push(new Map(this.#table.items));
  }

  #delete(pk: string, isTtl: boolean): void {
    this.#table.delete(pk, { isTtl });
    this.#history.push(new Map(this.#table.items));
  }
}

function basket(customer: string, articles: number, total: string): JsonObject {
  return { customer: { S: customer }, articles: { N: String(articles) }, total: { N: total } };
}
