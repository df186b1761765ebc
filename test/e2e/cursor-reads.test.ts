import { expect } from 'chai';
import type { ConnectorRun } from '../support/connector.ts';
import type { Engine } from '../support/engine.ts';
import { ENGINES } from '../support/engines.ts';
import type { JsonObject } from '../support/json.ts';
import { createTable, putItems, type Item } from '../support/seed.ts';
import { Connection, lastState, putItem } from './support/cursor-syncs.ts';
import { discover, engineConfig } from './support/source-runs.ts';

const START_TIMEOUT_MS = 60_000;
const ITEMS = 40;
const KEY = { name: 'pk', type: 'S' as const };

function keysOf(run: ConnectorRun, table: string): readonly string[] {
  expect(run.errors).to.deep.equal([]);
  return run
    .records(table)
    .map(({ pk }) => pk as string)
    .sort();
}

function day(n: number): string {
  return `2024-05-${String(n).padStart(2, '0')}T10:00:00Z`;
}

for (const { name, start } of ENGINES) {
  describe(`incremental reads by a cursor, of ${name}`, () => {
    let engine: Engine;

    before(async function () {
      this.timeout(START_TIMEOUT_MS);
      engine = await start();
    });
    after(() => engine.stop());

    async function connect(
      table: string,
      items: readonly Item[],
      cursorField: readonly string[],
      options: JsonObject = {},
    ): Promise<Connection> {
      await createTable(engine, { name: table, partitionKey: KEY });
      await putItems(engine, table, items);
      const scan = { segments: 3, page_size: 5 };
      const config = engineConfig(engine, { tables: [table], scan, ...options });
      return new Connection(
        config,
        await discover(config, { syncMode: 'incremental', cursorField }),
      );
    }

    const CASES: readonly (readonly [string, readonly string[], (n: number) => Item, string])[] = [
      ['a text', ['updated_at'], (n) => ({ updated_at: { S: day(1 + (n % 25)) } }), day(25)],
      ['a reserved word', ['timestamp'], (n) => ({ timestamp: { S: day(1 + (n % 25)) } }), day(25)],
      ['a name with dots', ['a.b-c d'], (n) => ({ 'a.b-c d': { N: String(n % 25) } }), '24'],
      [
        'a member of a map',
        ['meta', 'de.ep', 'at'],
        (n) => ({ meta: { M: { 'de.ep': { M: { at: { N: String(n % 25) } } } } } }),
        '24',
      ],
      [
        'a number of 38 digits',
        ['at'],
        (n) => ({ at: { N: `123456789012345678901234567890123456${10 + (n % 25)}` } }),
        '12345678901234567890123456789012345634',
      ],
      ['a negative number', ['at'], (n) => ({ at: { N: String((n % 25) - 24) } }), '0'],
      ['a number with a fraction', ['at'], (n) => ({ at: { N: `0.${10 + (n % 25)}` } }), '0.34'],
      ['any text', ['at'], (n) => ({ at: { S: n % 2 === 0 ? `é"${n % 7}` : `z${n}` } }), 'é"6'],
    ];
    for (const [what, cursorField, attributes, largest] of CASES) {
      it(`bring the ties of ${what} again, and what is new`, async () => {
        const table = `by-${CASES.findIndex(([other]) => other === what)}`;
        const items = Array.from({ length: ITEMS }, (_, n) => ({
          pk: { S: `i${n}` },
          ...attributes(n),
        }));
        const connection = await connect(table, items, cursorField);
        const first = await connection.sync();
        expect(keysOf(first, table)).to.have.length(ITEMS);
        expect(lastState(first)).to.deep.include({ cursor_field: cursorField, cursor: largest });

        const ties = await connection.sync();
        const tied = keysOf(ties, table);
        expect(tied.length).to.be.within(1, ITEMS / 4);
        expect(lastState(ties)).to.deep.equal(lastState(first));

        // Any of the largest, so that what is put is a tie too.
        const tie = items.find(({ pk }) => pk.S === tied[0]);
        await putItem(engine, table, { ...tie, pk: { S: 'new' } });
        expect(keysOf(await connection.sync(), table)).to.deep.equal([...tied, 'new'].sort());
      });
    }

    it('name the items that the filter will never find, by kind', async () => {
      const items: Item[] = [
        { pk: { S: 'a' }, at: { S: day(1) } },
        { pk: { S: 'b' }, at: { S: day(2) } },
        { pk: { S: 'none' } },
        { pk: { S: 'null' }, at: { NULL: true } },
        { pk: { S: 'number' }, at: { N: '5' } },
        { pk: { S: 'list' }, at: { L: [] } },
      ];
      const connection = await connect('kinds', items, ['at']);
      const first = await connection.sync();
      expect(keysOf(first, 'kinds')).to.have.length(items.length);
      expect(first.warnings.filter((text) => text.includes('cursor'))).to.deep.equal([
        'kinds: 4 items cannot be found by the cursor "at", whose type is S: 1 without it, 1 L, 1 N, 1 NULL. This sync has read them, but later syncs will miss changes to them. Give every item such a value, or choose another cursor field.',
      ]);
      expect(keysOf(await connection.sync(), 'kinds')).to.deep.equal(['b']);
    });

    it('read everything each time when no item has the cursor, and of an empty table nothing', async () => {
      const connection = await connect('without', [{ pk: { S: 'a' } }], ['at']);
      for (const round of [1, 2]) {
        const run = await connection.sync();
        expect(keysOf(run, 'without'), `round ${round}`).to.deep.equal(['a']);
        expect(lastState(run)).to.deep.equal({ cursor_field: ['at'] });
        expect(run.warnings).to.deep.equal([
          'without: no item has text or a number in "at" (1 without it), so every sync reads the whole table. Choose another cursor field.',
        ]);
      }
      const empty = await connect('empty', [], ['at']);
      const run = await empty.sync();
      expect(lastState(run)).to.deep.equal({ cursor_field: ['at'] });
      expect(run.warnings).to.deep.equal([]);
      expect(run.statuses('empty')).to.deep.equal(['STARTED', 'RUNNING', 'COMPLETE']);
    });
  });
}
