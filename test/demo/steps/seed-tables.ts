import { formatCount } from '../../../src/text/figures.ts';
import { createTable, putItems, type Item } from '../../support/seed.ts';
import { renderColumns } from '../columns.ts';
import type { DemoContext } from '../demo-context.ts';
import { ProgressBar } from '../progress-bar.ts';
import { DEMO_TABLES, TOTAL_ITEMS } from '../tables/all-tables.ts';
import { keyNames } from '../tables/demo-table.ts';

/** Creates the tables in the engine and fills them. */
export async function seedTables({ terminal, engine }: DemoContext): Promise<void> {
  terminal.step('tables', 'an embedded DynamoDB, filled with a shop and its sensors');
  await Promise.all(DEMO_TABLES.map(({ definition }) => createTable(engine, definition)));
  const bar = new ProgressBar(terminal, { total: TOTAL_ITEMS, unit: 'items' });
  for (const table of DEMO_TABLES) {
    const { name } = table.definition;
    await putItems(
      engine,
      name,
      withTicks(table.makeItems(), () => bar.tick(name)),
    );
  }
  bar.finish();
  showTables(terminal);
}

function* withTicks(items: Iterable<Item>, tick: () => void): Generator<Item> {
  for (const item of items) {
    yield item;
    tick();
  }
}

function showTables(terminal: DemoContext['terminal']): void {
  const lines = renderColumns(
    [
      { heading: 'Table' },
      { heading: 'Items', align: 'right' },
      { heading: 'Key' },
      { heading: 'In it' },
    ],
    DEMO_TABLES.map(({ definition, itemCount, remark }) => [
      definition.name,
      formatCount(itemCount),
      keyNames(definition).join(' + '),
      remark,
    ]),
  );
  terminal.table(lines);
}
