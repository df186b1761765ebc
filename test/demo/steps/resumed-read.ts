import { formatCount } from '../../../src/text/figures.ts';
import { renderColumns } from '../columns.ts';
import { expect, type DemoContext } from '../demo-context.ts';
import { compareWithItems, isExact, type ReadTally } from '../read-tally.ts';
import { expectSuccess } from '../run-command.ts';
import { showRead } from '../show-read.ts';
import { DEMO_TABLES, TOTAL_ITEMS } from '../tables/all-tables.ts';

/** Reads on from the saved state, and checks that both reads together have had every item exactly once. */
export async function showResumedRead(demo: DemoContext, before: ReadTally): Promise<void> {
  const { terminal } = demo;
  terminal.step('resume', 'the same command with the saved state');
  const args = ['--config', 'config.json', '--catalog', 'catalog.json', '--state', 'state.json'];
  const { run, tally: after, figures } = await showRead(demo, args, { start: before.total });
  expectSuccess(run);
  const total = before.total + after.total;
  showComparison(demo, before, after);
  terminal.success(`${figures}.`);
  terminal.success(
    `${formatCount(total)} of ${formatCount(TOTAL_ITEMS)} items, each exactly once.`,
  );
}

/** @throws DemoFailure when an item is missing or repeated. */
function showComparison({ terminal }: DemoContext, before: ReadTally, after: ReadTally): void {
  const compared = DEMO_TABLES.map((table) => {
    const { name } = table.definition;
    const comparison = compareWithItems(table, [...before.keys(name), ...after.keys(name)]);
    const counts = [table.itemCount, before.count(name), after.count(name)];
    const { missing, repeated, unknown } = comparison;
    return {
      comparison,
      row: [name, ...[...counts, missing, repeated + unknown].map(formatCount)],
    };
  });
  const columns = [
    { heading: 'Stream' },
    { heading: 'Items', align: 'right' },
    { heading: 'Before', align: 'right' },
    { heading: 'After', align: 'right' },
    { heading: 'Missing', align: 'right' },
    { heading: 'Repeated', align: 'right' },
  ] as const;
  terminal.table(
    renderColumns(
      columns,
      compared.map(({ row }) => row),
    ),
  );
  expect(
    compared.every(({ comparison }) => isExact(comparison)),
    'The interrupted and the resumed read together have not had every item exactly once.',
  );
}
