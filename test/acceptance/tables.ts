import { UpdateTableCommand, type AttributeValue } from '@aws-sdk/client-dynamodb';
import {
  adminClient,
  createTable,
  putItems,
  type Item,
  type TableDefinition,
} from '../support/seed.ts';
import { startDynalite } from '../support/dynalite-engine.ts';
import type { Engine } from '../support/engine.ts';

/** A table that the acceptance tests read, with all that is in it. */
export interface AcceptanceTable {
  readonly definition: TableDefinition;
  readonly items: readonly Item[];
  /** Whether it is given a change stream in an engine that has some. */
  readonly changes?: true;
}

const text = (S: string): AttributeValue => ({ S });
const number = (N: string | number): AttributeValue => ({ N: String(N) });
const bytes = (...octets: number[]): AttributeValue => ({ B: Uint8Array.from(octets) });
const range = (length: number): number[] => Array.from({ length }, (_, index) => index + 1);

/**
 * Every attribute type at the top and below it. The first item carries them all, so that a test can look each one
 * up; the others lack some.
 */
const customers: AcceptanceTable = {
  definition: { name: 'customers', partitionKey: { name: 'id', type: 'S' } },
  changes: true,
  items: range(12).map((index) => ({
    id: text(`customer-${index}`),
    name: text(index === 2 ? '' : `Zoë "${index}" O’Neil\n日本 🙂`),
    age: number(20 + index),
    balance: number(`${index}.125`),
    active: { BOOL: index % 2 === 1 },
    avatar: bytes(0, 255, index),
    tags: { SS: ['new', `tag-${index}`] },
    scores: { NS: ['1', `${index + 1}.5`] },
    keys: { BS: [Uint8Array.of(index), Uint8Array.of(index, 0)] },
    address: {
      M: { city: text('Wien'), geo: { M: { lat: number('48.2'), lon: number('16.37') } } },
    },
    history: { L: [text('signup'), number(index), { BOOL: true }, { NULL: true }] },
    ...(index === 1 ? { empty_list: { L: [] }, empty_map: { M: {} } } : {}),
    ...(index % 3 === 1 ? { deleted_at: { NULL: true } } : {}),
  })),
};

/** A composite key, nested lines, and enough items for several pages in each segment. */
const orders: AcceptanceTable = {
  definition: {
    name: 'orders',
    partitionKey: { name: 'customer_id', type: 'S' },
    sortKey: { name: 'order_number', type: 'N' },
  },
  changes: true,
  items: range(60).map((index) => ({
    customer_id: text(`customer-${(index % 12) + 1}`),
    order_number: number(index),
    placed_at: text(`2024-01-${String((index % 28) + 1).padStart(2, '0')}T12:00:00Z`),
    lines: { L: [{ M: { sku: text(`sku-${index}`), quantity: number(index % 5) } }] },
  })),
};

/** A key that is binary. */
const attachments: AcceptanceTable = {
  definition: { name: 'attachments', partitionKey: { name: 'digest', type: 'B' } },
  items: range(5).map((index) => ({
    digest: bytes(index, 250, 251, 252),
    content: bytes(...range(index)),
  })),
};

/** A number as key, and numbers that neither a double nor 64 bits hold. */
const ledger: AcceptanceTable = {
  definition: { name: 'ledger', partitionKey: { name: 'entry', type: 'N' } },
  items: range(6).map((index) => ({
    entry: number(index),
    amount: number(`1234567890123456789012345678901234567${index}`),
    ratio: number(`0.1234567890123456789012345678901234567${index}`),
    tiny: number('1E-130'),
    huge: number(`${index}E+35`),
  })),
};

/** A table without items. */
const archive: AcceptanceTable = {
  definition: { name: 'archive', partitionKey: { name: 'id', type: 'S' } },
  items: [],
};

/** The tables that the configs of `acceptance-test-config.yml` expect. */
export const ACCEPTANCE_TABLES: readonly AcceptanceTable[] = [
  customers,
  orders,
  attachments,
  ledger,
  archive,
];

/** Creates and fills all of them in an engine that has none of them yet. */
export async function seedAcceptanceTables(engine: Engine): Promise<void> {
  for (const { definition, items } of ACCEPTANCE_TABLES) {
    await createTable(engine, definition);
    await putItems(engine, definition.name, items);
  }
}

/** Gives change streams to the tables that have some; they tell of what is written after this. */
export async function enableChangeStreams(engine: Engine): Promise<void> {
  const client = adminClient(engine);
  for (const { definition, changes = false } of ACCEPTANCE_TABLES) {
    if (!changes) continue;
    await client.send(
      new UpdateTableCommand({
        TableName: definition.name,
        StreamSpecification: { StreamEnabled: true, StreamViewType: 'NEW_AND_OLD_IMAGES' },
      }),
    );
  }
  client.destroy();
}

/** Starts dynalite with all of them in it. */
export async function startAcceptanceEngine(): Promise<Engine> {
  const engine = await startDynalite();
  await seedAcceptanceTables(engine);
  return engine;
}
