import type { Item } from '../../support/seed.ts';
import { Dice } from './dice.ts';
import { bytes, flag, list, map, nothing, number, numberSet, text, textSet } from './demo-table.ts';
import type { DemoTable } from './demo-table.ts';
import { CITIES, FIRST_NAMES, INTERESTS, LAST_NAMES } from './vocabulary.ts';

const SEED = 1;
const FIRST_NUMBER = 100_000;
const PNG_SIGNATURE = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a];

/** A key of one attribute; nested values, sets and binary. */
export const customers: DemoTable = {
  definition: { name: 'customers', partitionKey: { name: 'customer_id', type: 'S' } },
  itemCount: 2_500,
  remark: 'maps, sets, binary, null',
  *makeItems() {
    const dice = new Dice(SEED);
    for (let index = 0; index < this.itemCount; index += 1) yield makeCustomer(dice, index);
  },
};

/** The id of the customer of that index, for orders to refer to. */
export function customerId(index: number): string {
  return `C-${FIRST_NUMBER + index}`;
}

function makeCustomer(dice: Dice, index: number): Item {
  const firstName = dice.pick(FIRST_NAMES);
  const lastName = dice.pick(LAST_NAMES);
  return {
    customer_id: text(customerId(index)),
    name: text(`${firstName} ${lastName}`),
    email: text(`${asciiLetters(firstName)}.${asciiLetters(lastName)}.${index}@example.com`),
    address: makeAddress(dice),
    interests: textSet(dice.pickSome(INTERESTS, 3)),
    sizes: numberSet([dice.pick(['38', '38.5', '41']), dice.pick(['42.5', '44'])]),
    newsletter: flag(dice.chance(0.4)),
    thumbnail: bytes(Uint8Array.from([...PNG_SIGNATURE, ...dice.bytes(16)])),
    referred_by: dice.chance(0.2) ? text(customerId(dice.integer(0, index))) : nothing,
  };
}

function makeAddress(dice: Dice): Item[string] {
  const city = dice.pick(CITIES);
  // Within some kilometres of the centre.
  const coordinates = [city.latitude, city.longitude].map((degrees) =>
    number(dice.decimal(degrees - 0.05, degrees + 0.05, 5)),
  );
  return map({
    street: text(`${dice.pick(city.streets)} ${dice.integer(1, 140)}`),
    city: text(city.name),
    country: text(city.country),
    coordinates: list(coordinates),
  });
}

/** `Zoë` becomes `zo`, `O’Brien` becomes `obrien`: enough for an address that nobody writes to. */
function asciiLetters(name: string): string {
  return name
    .normalize('NFD')
    .toLowerCase()
    .replaceAll(/[^a-z]/g, '');
}
