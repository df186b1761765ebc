/**
 * Has clients of other makers read two tables through the connector, and compares what they have with what is in the
 * tables. `run.sh` installs them. Arguments: `FOLDER=PYTHON`, one for each client that is installed. Environment:
 * `CONNECTOR_IMAGE` where a container engine runs. Prints a line for each case with what the client rounds, and
 * `N passed, N failed` at the end.
 */
import { ScanCommand } from '@aws-sdk/client-dynamodb';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ACCEPTANCE_TABLES } from '../acceptance/tables.ts';
import { toDynamoDbJson } from '../support/dynamodb-json.ts';
import { startDynalite } from '../support/dynalite-engine.ts';
import type { Engine } from '../support/engine.ts';
import type { JsonObject } from '../support/json.ts';
import {
  decodeMembers,
  parseKeepingNumbers,
  type NumberForm,
} from '../support/reference-decoding.ts';
import { adminClient, createTable, putItems } from '../support/seed.ts';
import { makeTempDirectory } from '../support/temp-files.ts';
import { CLIENTS, type Client, type Expected } from './client-list.ts';
import { compareRows } from './compare-rows.ts';

const ROOT = fileURLToPath(new URL('../../../', import.meta.url));
const TABLES = ACCEPTANCE_TABLES.filter(({ definition }) =>
  ['customers', 'ledger'].includes(definition.name),
);
const FORMS = ['string', 'number'] as const;
/** A client that hangs is ended. */
const CLIENT_TIMEOUT_MS = 300_000;
const TOLD_CHARACTERS = 1_500;

const { CONNECTOR_IMAGE } = process.env;
const pythons = new Map(process.argv.slice(2).map((text) => text.split('=') as [string, string]));
const tally = { passed: 0, failed: 0 };
const print = (line: string): void => void process.stdout.write(`${line}\n`);

// As the engine returns them: it writes numbers in its own way.
const itemsByTable = new Map<string, readonly JsonObject[]>();
const engine = await startDynalite();
for (const { definition, items } of TABLES) {
  await createTable(engine, definition);
  await putItems(engine, definition.name, items);
  itemsByTable.set(definition.name, await scanTable(definition.name));
}
for (const client of CLIENTS) {
  const python = pythons.get(client.folder);
  if (python === undefined) continue;
  if (client.isContainer && CONNECTOR_IMAGE === undefined) {
    print(`- ${client.name}: left out, since no container engine runs`);
    continue;
  }
  for (const numbers of FORMS) await tryClient(client, python, numbers);
}
await engine.stop();
print(`${tally.passed} passed, ${tally.failed} failed`);
process.exitCode = tally.failed === 0 && tally.passed > 0 ? 0 : 1;

async function tryClient(client: Client, python: string, numbers: NumberForm): Promise<void> {
  const title = `${client.name}, number_values "${numbers}"`;
  const expected = client.expected[numbers];
  const run = await runClient(client, python, numbers);
  if (expected instanceof RegExp) {
    const message = expected.exec(run.told)?.[0];
    const verdict = run.reads === undefined ? `fails: ${message ?? 'for another reason'}` : 'reads';
    note(`${title}: ${verdict}`, message === undefined || run.reads !== undefined ? run.told : '');
  } else if (run.reads === undefined) note(`${title}: fails`, run.told || 'no output');
  else compareReads(title, { reads: run.reads, expected, numbers });
}

function compareReads(
  title: string,
  run: { reads: readonly Rows[]; expected: Expected; numbers: NumberForm },
): void {
  const { reads, expected, numbers } = run;
  expected.copies.forEach((copies, index) => {
    const results = TABLES.map(({ definition: { name, partitionKey } }) => {
      const rows = reads[index]?.[name] ?? [];
      const items = (itemsByTable.get(name) ?? []).map((item) => decodeMembers(item, numbers));
      return { name, ...compareRows(rows, items, { key: partitionKey.name, copies }) };
    });
    const rounded = results.flatMap(({ name, ...result }) =>
      result.rounded.map((attribute) => `${name}.${attribute}`),
    );
    const faults = results.flatMap(({ name, ...result }) =>
      result.faults.map((fault) => `${name}: ${fault}`),
    );
    if (rounded.join() !== expected.rounded.join()) {
      faults.push(`rounds ${rounded.join(', ')}; expected ${expected.rounded.join(', ')}`);
    }
    const kept = rounded.length === 0 ? 'every value exact' : `rounds ${rounded.join(', ')}`;
    note(`${title}, read ${index + 1}: each item ${copies} times, ${kept}`, faults.join('\n'));
  });
}

async function scanTable(name: string): Promise<readonly JsonObject[]> {
  const client = adminClient(engine);
  const { Items = [] } = await client.send(new ScanCommand({ TableName: name }));
  client.destroy();
  return Items.map(toDynamoDbJson);
}

function note(title: string, fault: string): void {
  tally[fault === '' ? 'passed' : 'failed']++;
  print(`${fault === '' ? 'ok  ' : 'FAIL'} ${title}`);
  if (fault !== '') print(fault.slice(-TOLD_CHARACTERS).replace(/^/gm, '     '));
}

/** What a client has of each table after a read. */
type Rows = Readonly<Record<string, readonly JsonObject[]>>;

/** Runs `read.py` of a client in a directory of its own. `reads` is undefined when it failed; `told` is its output. */
async function runClient(
  client: Client,
  python: string,
  numbers: NumberForm,
): Promise<{ reads?: readonly Rows[]; told: string }> {
  const directory = makeTempDirectory();
  const config = join(directory, 'config.json');
  const output = join(directory, 'output.json');
  await writeFile(config, JSON.stringify(configOf(engine, numbers)));
  const child = spawn(python, [join(ROOT, 'test/clients', client.folder, 'read.py')], {
    cwd: directory,
    env: {
      ...process.env,
      ...{ CONFIG: config, OUTPUT: output, HOME: directory, PYTHONDONTWRITEBYTECODE: '1' },
      ...{ AIRBYTE_OFFLINE_MODE: '1', DO_NOT_TRACK: '1', NO_COLOR: '1' },
      ...{ AIRBYTE_PROJECT_DIR: directory, AIRBYTE_CACHE_ROOT: directory },
      ...{ AIRBYTE_LOGGING_ROOT: directory, RUNTIME__DLTHUB_TELEMETRY: 'false' },
      ITEMS: JSON.stringify(
        Object.fromEntries([...itemsByTable].map(([name, items]) => [name, items.length])),
      ),
      CONNECTOR: client.isContainer ? '' : join(ROOT, 'dist/main.js'),
    },
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: CLIENT_TIMEOUT_MS,
  });
  const told: string[] = [];
  for (const readable of [child.stdout, child.stderr]) {
    readable.setEncoding('utf8').on('data', (text: string) => void told.push(text));
  }
  const [code] = (await once(child, 'close')) as [number | null];
  if (code !== 0) return { told: told.join('') };
  const reads = parseKeepingNumbers(await readFile(output, 'utf8')) as unknown as readonly Rows[];
  return { reads, told: told.join('') };
}

function configOf({ region, endpoint, accessKeyId, secretAccessKey }: Engine, numbers: NumberForm) {
  return {
    region,
    endpoint,
    credentials: {
      auth_type: 'User',
      access_key_id: accessKeyId,
      secret_access_key: secretAccessKey,
    },
    tables: TABLES.map(({ definition }) => definition.name),
    number_values: numbers,
  };
}
