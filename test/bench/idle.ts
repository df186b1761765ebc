import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import type { ConnectorRun } from '../support/connector.ts';
import { startConnector } from '../support/connector.ts';
import { startFakeAws, type FakeAws } from '../support/fake-aws.ts';
import { ChangingTable } from '../support/fake-streams/changing-table.ts';
import type { BenchOptions } from './options.ts';
import { renderTable } from './text-table.ts';

// A table that was just created, one of a few hundred gigabytes, one of terabytes.
const SHARD_COUNTS = [1, 44, 700];
const CALLS = ['DescribeStream', 'GetShardIterator', 'GetRecords'] as const;
// What an answer of DynamoDB Streams takes.
const ANSWER_MS = 10;
const SYNCS_A_MONTH = (24 * 365.25) / 12;
const USD_PER_CALL = 0.02 / 100_000;

/** What a sync of a table without changes took. */
export interface IdleSync {
  readonly shards: number;
  readonly calls: Readonly<Record<(typeof CALLS)[number], number>>;
  readonly seconds: number;
}

/** Syncs tables without changes from their change streams, and writes what that took as a table. */
export async function measureIdle(
  { directory, nodes: [node] }: BenchOptions,
  note: (text: string) => void,
): Promise<readonly IdleSync[]> {
  const syncs: IdleSync[] = [];
  for (const shards of SHARD_COUNTS) {
    const aws = await startFakeAws();
    try {
      syncs.push(await measureSync(aws, { shards, directory, node }));
    } finally {
      await aws.stop();
    }
    note(`${shards} shards: ${syncs.at(-1)?.seconds.toFixed(1) ?? ''} s`);
  }
  process.stdout.write(renderTable(HEADINGS, syncs.map(toRow)));
  return syncs;
}

const HEADINGS = ['shards', ...CALLS, 'a shard', 'seconds', 'USD a month, hourly'];

function toRow({ shards, calls, seconds }: IdleSync): readonly string[] {
  const perMonth = calls.GetRecords * SYNCS_A_MONTH * USD_PER_CALL;
  return [
    String(shards),
    ...CALLS.map((call) => calls[call].toLocaleString('en')),
    (calls.GetRecords / shards).toFixed(1),
    seconds.toFixed(1),
    perMonth.toPrecision(2),
  ];
}

interface IdleTable {
  readonly shards: number;
  readonly directory: string;
  readonly node: string | undefined;
}

async function measureSync(
  aws: FakeAws,
  { shards, directory, node }: IdleTable,
): Promise<IdleSync> {
  const table = new ChangingTable(aws, { name: 'orders', shards });
  const write = async (name: string, content: unknown): Promise<string> => {
    const file = join(directory, `idle-${name}.json`);
    await writeFile(file, JSON.stringify(content));
    return file;
  };
  const config = await write('config', configOf(aws));
  const catalog = await write('catalog', CATALOG);
  const read = ['read', '--config', config, '--catalog', catalog];
  const options = node === undefined ? {} : { nodeBinary: node };
  const begun = startConnector(read, options);
  await begun.waitFor(({ type }) => type === 'STATE');
  begun.kill();
  const state = await write('state', (await begun.done).states.slice(-1));
  for (const call of CALLS) aws.slowDown(call, ANSWER_MS);
  const before = CALLS.map((call) => aws.requestsTo(call).length);
  const startedAt = performance.now();
  const run = await startConnector([...read, '--state', state], options).done;
  const seconds = (performance.now() - startedAt) / 1000;
  expectIdle(run, table.name);
  const counts = CALLS.map((call, index) => aws.requestsTo(call).length - (before[index] ?? 0));
  const calls = Object.fromEntries(CALLS.map((call, index) => [call, counts[index] ?? 0]));
  return { shards, calls: calls as IdleSync['calls'], seconds };
}

function expectIdle(run: ConnectorRun, stream: string): void {
  if (run.exitCode === 0 && run.recordCount(stream) === 0) return;
  throw new Error(`The sync was to read nothing, and to succeed: ${run.text}${run.stderr}`);
}

function configOf({ endpoint, region, accessKeyId, secretAccessKey }: FakeAws): object {
  return {
    ...{ region, endpoint, tables: ['orders'] },
    credentials: {
      auth_type: 'User',
      access_key_id: accessKeyId,
      secret_access_key: secretAccessKey,
    },
    replication_method: { method: 'Streams', initial_snapshot: 'none' },
  };
}

const CATALOG = {
  streams: [
    {
      stream: { name: 'orders', json_schema: {}, supported_sync_modes: ['incremental'] },
      ...{ sync_mode: 'incremental', destination_sync_mode: 'append' },
    },
  ],
};
