import { seededRandom, type Random } from '../../support/seeded-random.ts';

const DAY_MS = 86_400_000;

/** Draws the values of generated items; the same seed draws the same ones. */
export class Dice {
  readonly #random: Random;

  constructor(seed: number) {
    this.#random = seededRandom(seed);
  }

  /** A whole number from `min` to `max`, both included. */
  integer(min: number, max: number): number {
    return min + Math.floor(this.#random() * (max - min + 1));
  }

  /** A decimal from `min` to below `max`, as text with that many places. */
  decimal(min: number, max: number, places: number): string {
    return (min + this.#random() * (max - min)).toFixed(places);
  }

  /** So many digits, of which the first is not 0. */
  digits(length: number): string {
    const rest = Array.from({ length: length - 1 }, () => this.integer(0, 9));
    return `${this.integer(1, 9)}${rest.join('')}`;
  }

  bytes(length: number): Uint8Array {
    return Uint8Array.from({ length }, () => this.integer(0, 255));
  }

  /** True in that part of the cases, 0 to 1. */
  chance(part: number): boolean {
    return this.#random() < part;
  }

  pick<Value>(values: readonly Value[]): Value {
    const value = values[this.integer(0, values.length - 1)];
    if (value === undefined) throw new Error('nothing to pick from');
    return value;
  }

  /** From one to `most` of the values, without repeats. */
  pickSome<Value>(values: readonly Value[], most: number): readonly Value[] {
    return [...new Set(Array.from({ length: this.integer(1, most) }, () => this.pick(values)))];
  }

  /** A moment of the year 2025, in milliseconds since 1970. */
  moment(): number {
    return Date.UTC(2025, 0, 1) + Math.floor(this.#random() * 365 * DAY_MS);
  }
}
