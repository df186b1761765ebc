import { formatCount } from '../../../src/text/figures.ts';
import { renderColumns } from '../columns.ts';
import { expect, type DemoContext } from '../demo-context.ts';
import { layOutJson } from '../json-text.ts';
import { compareWithItems, findItem, isExact } from '../read-tally.ts';
import { expectSuccess } from '../run-command.ts';
import { showRead, type ShownRead } from '../show-read.ts';
import { DEMO_TABLES } from '../tables/all-tables.ts';
import { customers } from '../tables/customers.ts';
import { ledgerEntries } from '../tables/ledger-entries.ts';

/** Reads everything in one go. */
export async function showFullRead(demo: DemoContext): Promise<void> {
  const { terminal } = demo;
  terminal.step('read', 'everything, four segments at a time');
  const read = await showRead(demo, ['--config', 'config.json', '--catalog', 'catalog.json']);
  expectSuccess(read.run);
  showStreams(demo, read);
  terminal.success(`${read.figures}.`);
  terminal.note('The embedded engine sets that pace; npm run bench measures without it.');
  showRecord(demo, customers.definition.name, read);
  const ledgerRecord = showRecord(demo, ledgerEntries.definition.name, read);
  checkDigits(demo, ledgerRecord, read);
}

/** @throws DemoFailure when a stream is not exactly what was put into its table. */
function showStreams({ terminal }: DemoContext, { run, tally }: ShownRead): void {
  const rows = DEMO_TABLES.map((table) => {
    const { name } = table.definition;
    const comparison = compareWithItems(table, tally.keys(name));
    expect(isExact(comparison), `${name} differs: ${JSON.stringify(comparison)}`);
    const counts = [table.itemCount, tally.count(name), run.statesOf(name).length];
    return [name, ...counts.map(formatCount), run.statuses(name).at(-1) ?? ''];
  });
  const columns = [
    { heading: 'Stream' },
    { heading: 'Items', align: 'right' },
    { heading: 'Records', align: 'right' },
    { heading: 'States', align: 'right' },
    { heading: 'Status' },
  ] as const;
  terminal.table(renderColumns(columns, rows));
}

/** Shows the first record of a stream and returns its text. */
function showRecord({ terminal }: DemoContext, stream: string, { firstLines }: ShownRead): string {
  const line = firstLines.get(stream) ?? '';
  const data = /"data":(.*),"emitted_at":\d+\}\}$/.exec(line)?.[1];
  expect(data !== undefined, `${stream} has no record to show.`);
  terminal.text(`\nA record of ${terminal.style('bold', stream)}:`);
  terminal.text(layOutJson(data, terminal));
  return data;
}

/** @throws DemoFailure when a digit of a long number is lost. */
function checkDigits({ terminal }: DemoContext, record: string, { tally }: ShownRead): void {
  const key = tally.keys(ledgerEntries.definition.name)[0] ?? '';
  const transaction = findItem(ledgerEntries, key)?.transaction?.N ?? '';
  const isWhole = transaction !== '' && record.includes(`"transaction":${transaction},`);
  expect(isWhole, `The transaction was ${transaction} and the record lacks it: ${record}`);
  terminal.success(`All ${transaction.length} digits of the transaction are there.`);
}
