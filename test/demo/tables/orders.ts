import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import type { Item, TableDefinition } from '../../support/seed.ts';
import { customerId, customers } from './customers.ts';
import { Dice } from './dice.ts';
import { flag, list, map, number, text, textSet, type DemoTable } from './demo-table.ts';
import { PRODUCTS } from './vocabulary.ts';

const SEED = 2;
const STATUSES = ['paid', 'packed', 'shipped', 'delivered', 'returned'];

const orderKey: Omit<TableDefinition, 'name'> = {
  partitionKey: { name: 'customer', type: 'S' },
  sortKey: { name: 'number', type: 'N' },
};

/** A composite key, and lists of maps. */
export const orders: DemoTable = {
  definition: { name: 'orders', ...orderKey },
  itemCount: 6_000,
  remark: 'lists of maps',
  *makeItems() {
    const dice = new Dice(SEED);
    for (let index = 0; index < this.itemCount; index += 1) yield makeOrder(dice, index);
  },
};

/** A table that is there and has nothing in it. */
export const archivedOrders: DemoTable = {
  definition: { name: 'archived_orders', ...orderKey },
  itemCount: 0,
  remark: 'empty, still a stream',
  makeItems: () => [],
};

function makeOrder(dice: Dice, index: number): Item {
  return {
    customer: text(customerId(dice.integer(0, customers.itemCount - 1))),
    number: number(7_000_001 + index),
    placed_at: text(new Date(dice.moment()).toISOString()),
    status: text(dice.pick(STATUSES)),
    lines: list(dice.pickSome(PRODUCTS, 3).map((product) => makeLine(dice, product))),
    payment: map({ method: text('card'), last_digits: text(dice.digits(4)) }),
    ...(dice.chance(0.15) ? { is_gift: flag(true) } : {}),
    ...(dice.chance(0.1) ? { coupons: textSet(['WELCOME10', 'FREESHIP']) } : {}),
  };
}

function makeLine(dice: Dice, { sku, title, price }: (typeof PRODUCTS)[number]): AttributeValue {
  return map({
    sku: text(sku),
    title: text(title),
    quantity: number(dice.integer(1, 3)),
    unit_price: number(price),
  });
}
