/**
 * Shows the built connector at work, on any machine with Node: `npm run demo`.
 *
 * An engine inside this process stands in for DynamoDB. The connector runs as a child process, as a platform runs it.
 */
import { startDynalite } from '../support/dynalite-engine.ts';
import { tempDirectory } from '../support/temp-files.ts';
import { DemoFailure, type DemoContext } from './demo-context.ts';
import { showCatalog } from './steps/catalog.ts';
import { showChanges } from './steps/changes.ts';
import { showCheck } from './steps/check.ts';
import { showDiscover } from './steps/discover.ts';
import { showInterruptedRead } from './steps/interrupted-read.ts';
import { showFullRead } from './steps/read.ts';
import { showResumedRead } from './steps/resumed-read.ts';
import { seedTables } from './steps/seed-tables.ts';
import { showSpec } from './steps/spec.ts';
import { Terminal } from './terminal.ts';

// Node's age is no subject of the demo, and the SDK, which fills the tables, would tell of it in the middle of a bar.
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED = 'true';
// Whoever reads the output may leave, as in `npm run demo | head`; what is temporary goes when this process ends.
process.stdout.on('error', () => process.exit(1));

async function showAll(demo: DemoContext): Promise<void> {
  await seedTables(demo);
  await showSpec(demo);
  await showCheck(demo);
  await showDiscover(demo);
  await showCatalog(demo);
  await showFullRead(demo);
  const before = await showInterruptedRead(demo);
  await showResumedRead(demo, before);
  await showChanges(demo);
}

function welcome({ terminal, directory }: DemoContext): void {
  terminal.text(`\n${terminal.style('bold', 'source-dynamodb at work')}`);
  terminal.note('No AWS account, Docker or Java: a DynamoDB engine runs in this process.');
  terminal.note(`source-dynamodb is dist/main.js, run in ${directory}.`);
}

function sayWhereNext({ terminal }: DemoContext, seconds: number): void {
  terminal.text('');
  terminal.success(`Everything is as it should be, after ${seconds.toFixed(0)} s.`);
  terminal.text(`\n${terminal.style('bold', 'Where to go next')}`);
  const places = [
    ['README.md', 'every command, the configuration, Airbyte'],
    ['npm test', 'the tests'],
    ['npm run bench', 'how fast it reads when no engine holds it up'],
    ['node dist/main.js --help', 'your own tables'],
  ] as const;
  for (const [place, purpose] of places) {
    terminal.text(`${terminal.style('cyan', place.padEnd(28))}  ${purpose}`);
  }
  terminal.text('');
}

const startedAt = performance.now();
const terminal = new Terminal(process.stdout, process.env);
const demo = { terminal, engine: await startDynalite(), directory: tempDirectory() };
try {
  welcome(demo);
  await showAll(demo);
  sayWhereNext(demo, (performance.now() - startedAt) / 1000);
} catch (error) {
  terminal.failure(error instanceof DemoFailure ? error.message : String(error));
  process.exitCode = 1;
} finally {
  await demo.engine.stop();
}
