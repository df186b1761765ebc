import { engineConfig } from '../../e2e/support/source-runs.ts';
import type { ConnectorRun } from '../../support/connector.ts';
import { startFakeAws } from '../../support/fake-aws.ts';
import type { Json, JsonObject } from '../../support/json.ts';
import { type Baskets, ChangingBaskets, DELETED_BASKET } from '../changing-baskets.ts';
import { renderColumns } from '../columns.ts';
import { expect, writeFor, type DemoContext } from '../demo-context.ts';
import { layOutJson } from '../json-text.ts';
import { runCommand, runIntoFile } from '../run-command.ts';

const READ = ['read', '--config', 'changes.json', '--catalog', 'baskets.json'];

/** Reads a snapshot of a table and then its changes, while somebody writes to it. */
export async function showChanges(demo: DemoContext): Promise<void> {
  const { terminal } = demo;
  terminal.step('changes', 'a snapshot, then puts, updates and deletes as they are made');
  const aws = await startFakeAws();
  try {
    terminal.note(
      'The embedded engine has no change streams, so the stand-in for AWS of the tests',
    );
    terminal.note('serves one more table, and somebody writes to it all the time.');
    const config = engineConfig(aws, { replication_method: { method: 'Streams' } });
    await writeFor(demo, 'changes.json', config);
    await followBaskets(demo, new ChangingBaskets(aws));
  } finally {
    await aws.stop();
  }
}

async function followBaskets(demo: DemoContext, baskets: ChangingBaskets): Promise<void> {
  const { terminal } = demo;
  const catalog = ['catalog', '--config', 'changes.json', '--sync-mode', 'incremental'];
  await runIntoFile(demo, catalog, 'baskets.json');
  const first = await baskets.changeUntil(runCommand(demo, READ));
  const rows = first.records(baskets.name).filter(isRow);
  expect(rows.length === baskets.size, `${rows.length} rows in the snapshot of ${baskets.size}.`);
  showRecords(demo, first.records(baskets.name));
  terminal.success(`${rows.length} rows of the snapshot, which have no sequence number.`);
  terminal.note('What changed since it began comes behind the rows; the largest cursor wins.');
  await writeFor(demo, 'position.json', first.states.slice(-1));
  const reading = runCommand(demo, [...READ, '--state', 'position.json']);
  baskets.changeSome();
  const second = await baskets.changeUntil(reading);
  const changes = second.records(baskets.name);
  expect(!changes.some(isRow), 'The second sync read rows that are no changes.');
  showRecords(demo, changes);
  showDelete(demo, second, baskets.name);
  compare(demo, baskets, [...first.records(baskets.name), ...changes]);
}

function showRecords({ terminal }: DemoContext, records: readonly JsonObject[]): void {
  const columns = [
    { heading: 'pk' },
    { heading: 'articles', align: 'right' },
    { heading: '_ab_cdc_cursor' },
    { heading: '_ab_cdc_deleted_by' },
    { heading: 'sequence number' },
  ] as const;
  const rows = records.map((record) =>
    [
      ...[record.pk, record.articles, record._ab_cdc_cursor],
      ...[record._ab_cdc_deleted_by, record._ab_cdc_sequence_number],
    ].map((value) => toText(value)),
  );
  terminal.table(renderColumns(columns, rows));
}

/** Shows the delete of the basket that its customer has deleted, which carries the item as it was. */
function showDelete({ terminal }: DemoContext, run: ConnectorRun, stream: string): void {
  const deleted = run.records(stream).find(({ pk }) => pk === DELETED_BASKET);
  expect(deleted?.customer === 'Linus', 'The delete does not carry the item as it was.');
  expect(deleted._ab_cdc_deleted_by === 'user', 'The delete does not say who deleted the item.');
  terminal.text(
    `\nThe delete of ${terminal.style('bold', DELETED_BASKET)}, with the item as it was:`,
  );
  terminal.text(layOutJson(JSON.stringify(deleted), terminal));
}

/** @throws DemoFailure when the newest version of each key is not what the table held. */
function compare(
  { terminal }: DemoContext,
  baskets: ChangingBaskets,
  records: readonly JsonObject[],
): void {
  const newest = new Map<string, JsonObject>();
  for (const record of records) {
    const former = newest.get(toText(record.pk));
    const isNewer = Number(record._ab_cdc_cursor) >= Number(former?._ab_cdc_cursor ?? 0);
    if (isNewer) newest.set(toText(record.pk), record);
  }
  const living = [...newest.values()].filter((record) => record._ab_cdc_deleted_at === null);
  const sequenceNumbers = records.map((record) => record._ab_cdc_sequence_number);
  const count = new Set(sequenceNumbers.filter((number) => number !== null)).size;
  const held = baskets.itemsAfter(count) ?? new Map<string, JsonObject>();
  expect(
    isSame(living, held),
    `The newest versions are not what the table held after ${count} changes.`,
  );
  terminal.success(
    `The newest version of each key is what the table held after those ${count} changes.`,
  );
}

function isSame(records: readonly JsonObject[], items: Baskets): boolean {
  const describe = (pk: string, articles: unknown): string => `${pk} ${String(articles)}`;
  const read = records.map(({ pk, articles }) => describe(toText(pk), articles));
  const held = [...items].map(([pk, { articles }]) => describe(pk, (articles as { N: string }).N));
  return read.sort().join() === held.sort().join();
}

function isRow(record: JsonObject): boolean {
  return record._ab_cdc_sequence_number === null;
}

function toText(value: Json | undefined): string {
  if (value === null || value === undefined) return '–';
  return typeof value === 'string' ? value : JSON.stringify(value);
}
