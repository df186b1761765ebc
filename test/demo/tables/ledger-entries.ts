import type { Item } from '../../support/seed.ts';
import { Dice } from './dice.ts';
import { map, number, text, type DemoTable } from './demo-table.ts';

const SEED = 3;
const ENTRIES_PER_ACCOUNT = 50;
const CURRENCIES = ['CHF', 'EUR', 'JPY', 'KES', 'USD'];

/** Numbers of 38 digits, the most that DynamoDB keeps: a double would round them to 17. */
export const ledgerEntries: DemoTable = {
  definition: {
    name: 'ledger_entries',
    partitionKey: { name: 'account', type: 'S' },
    sortKey: { name: 'sequence', type: 'N' },
  },
  itemCount: 1_500,
  remark: 'numbers of 38 digits',
  *makeItems() {
    const dice = new Dice(SEED);
    for (let index = 0; index < this.itemCount; index += 1) yield makeEntry(dice, index);
  },
};

function makeEntry(dice: Dice, index: number): Item {
  const account = Math.floor(index / ENTRIES_PER_ACCOUNT);
  return {
    account: text(`AT-${String(account).padStart(4, '0')}`),
    sequence: number(index % ENTRIES_PER_ACCOUNT),
    booked_at: text(new Date(dice.moment()).toISOString()),
    transaction: number(dice.digits(38)),
    amount: number(`${dice.chance(0.5) ? '-' : ''}${dice.integer(1, 90_000)}.${dice.digits(2)}`),
    exchange: map({
      from: text(dice.pick(CURRENCIES)),
      to: text('EUR'),
      rate: number(`0.${dice.digits(37)}3`),
    }),
  };
}
