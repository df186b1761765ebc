import type { Random } from '../support/seeded-random.ts';

// A few hundred words make up most of any text, and the frequent ones most of those.
const WORD_COUNT = 600;
const WORDS_A_TEXT = 14;
const SYLLABLES =
  'ka lo mi ter ran del so vi ne por ta gu ri ber an es ol in dra mon fel ces tu wi sha pe li or';
const STATES = ['open', 'paid', 'packed', 'shipped', 'delivered', 'returned'];
const EPOCH_MS = Date.parse('2024-01-01T00:00:00Z');
const YEAR_MS = 365 * 24 * 60 * 60_000;

/**
 * Renders items of an export that compress as those of a real table do: gzip makes a fifth of their 530 bytes.
 *
 * What DynamoDB JSON repeats in each item, names, types and punctuation, is more than half of it and nearly vanishes. A
 * random UUID, times to the millisecond, digits, coordinates and words are what each item has of its own, and what
 * cannot: JSON exports of business data are commonly reported to shrink to between a tenth and a quarter, and a fifth
 * lies in the middle. An item that only counts up, as in the other benches, shrinks to a thirtieth, so that hardly
 * anything is inflated but copies of the item before. There is every type of the others, too.
 */
export class ExportItems {
  readonly #random: Random;
  readonly #words: readonly string[];

  /** @param random equal ones make equal items. */
  constructor(random: Random) {
    this.#random = random;
    const syllables = SYLLABLES.split(' ');
    this.#words = Array.from({ length: WORD_COUNT }, () => {
      const length = 1 + this.#below(3);
      return Array.from({ length }, () => syllables[this.#below(syllables.length)]).join('');
    });
  }

  /** An item in DynamoDB JSON. */
  render(): string {
    const createdAt = this.#time();
    return (
      `{"pk":{"S":"order#${this.#uuid()}"},"sk":{"S":"${createdAt}"}` +
      `,"customer":{"S":"${this.#word()} Doé \\"${this.#word()}\\""},"age":{"N":"${this.#below(90)}"}` +
      `,"balance":{"N":"${this.#below(100_000)}.${this.#below(100)}"},"active":{"BOOL":${this.#below(5) > 0}}` +
      `,"status":{"S":"${STATES[this.#below(STATES.length)] ?? ''}"},"tags":{"SS":["${this.#word()}","gift"]}` +
      `,"scores":{"NS":["1","2.5","${this.#below(40)}"]}` +
      `,"address":{"M":{"street":{"S":"${this.#below(200)} ${this.#word()} St"},"zip":{"S":"${10_000 + this.#below(90_000)}"}` +
      `,"geo":{"L":[{"N":"37.${this.#below(10_000)}"},{"N":"-122.${this.#below(10_000)}"}]}}}` +
      `,"note":{"NULL":true},"blob":{"B":"aGVsbG8="},"text":{"S":"${this.#text()}"}}`
    );
  }

  #below(limit: number): number {
    return Math.floor(this.#random() * limit);
  }

  #word(): string {
    return this.#words[Math.floor(WORD_COUNT * this.#random() ** 3)] ?? '';
  }

  #text(): string {
    let text = this.#word();
    for (let word = 1; word < WORDS_A_TEXT; word++) text += ` ${this.#word()}`;
    return text;
  }

  #time(): string {
    return new Date(EPOCH_MS + this.#below(YEAR_MS)).toISOString();
  }

  #uuid(): string {
    const hex = Array.from({ length: 4 }, () =>
      this.#below(2 ** 32)
        .toString(16)
        .padStart(8, '0'),
    ).join('');
    return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20)}`;
  }
}
