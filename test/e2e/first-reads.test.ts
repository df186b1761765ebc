import { expect } from 'chai';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import {
  CONNECTOR_PATH,
  connectorEnvironment,
  runConnector,
  type ConnectorRun,
} from '../support/connector.ts';
import { startFakeAws, type FakeAws } from '../support/fake-aws.ts';
import type { JsonObject } from '../support/json.ts';
import { tempDirectory, writeJson, writeText } from '../support/temp-files.ts';
import { isEachOnce, numberedStream, numberedTable, numbersIn } from './support/numbered-table.ts';
import { engineConfig } from './support/source-runs.ts';

const ITEM_COUNT = 20;
const MAKE_ONE =
  'Create a configured catalog with: source-dynamodb catalog --config config.json > catalog.json';
const OF_DISCOVER = `This is a catalog as "discover" prints it, which does not say how each stream is to be read. ${MAKE_ONE}`;
const DISCOVERED = {
  streams: [{ name: 'orders', json_schema: {}, supported_sync_modes: ['full_refresh'] }],
};

const CATALOGS: readonly (readonly [name: string, catalog: unknown, says: string])[] = [
  ['the message of discover', { type: 'CATALOG', catalog: DISCOVERED }, OF_DISCOVER],
  ['the catalog in it', DISCOVERED, OF_DISCOVER],
  [
    'one of Singer',
    { streams: [{ tap_stream_id: 'orders', stream: 'orders', schema: {}, metadata: [] }] },
    `This is a Singer catalog, with "tap_stream_id" or "schema" in its streams. ${MAKE_ONE}`,
  ],
  [
    'one of a stream that the config does not select',
    { streams: [numberedStream('others')] },
    'The config does not select the table others. Add it to "tables" (or remove it from "exclude_tables"), or remove the stream from the connection.',
  ],
];

describe('a first read', () => {
  let aws: FakeAws;
  let config: string;
  let finished: ConnectorRun;

  before(async () => {
    aws = await startFakeAws({ tables: [numberedTable('orders', ITEM_COUNT, 5)] });
    config = await writeJson(engineConfig(aws, { tables: ['orders'] }));
    finished = await readWith({ streams: [numberedStream('orders')] });
  });
  after(() => aws.stop());

  async function readWith(catalog: unknown, ...args: readonly string[]): Promise<ConnectorRun> {
    const path = await writeJson(catalog);
    return runConnector(['read', '--config', config, '--catalog', path, ...args]);
  }

  const readFrom = (state: string): Promise<ConnectorRun> =>
    readWith({ streams: [numberedStream('orders')] }, '--state', state);

  for (const [name, catalog, says] of CATALOGS) {
    it(`is told of a catalog that is ${name}`, async () => {
      const run = await readWith(catalog);
      expect(run.exitCode).to.equal(1);
      expect(run.errors.map(({ message }) => message)).to.deep.equal([says]);
      expect(run.errors[0]?.failure_type).to.equal('config_error');
    });
  }

  for (const [what, cursor_field, warning] of [
    [
      'what a cursor that is no time may miss',
      ['n'],
      'orders: "n" is not a time, so the next sync misses an item that changed during this read if its new value is below the cursor. Set "cursor_overlap" in "table_options" to how far below it such a value may be.',
    ],
    [
      'what appending does without a cursor',
      [],
      'orders is read in full: every sync appends all of it again. Choose append_dedup to keep one copy of each record.',
    ],
  ] as const) {
    it(`is told ${what}`, async () => {
      const stream: JsonObject = { ...numberedStream('orders', 'incremental'), cursor_field };
      const run = await readWith({ streams: [stream] });
      expect(run.exitCode).to.equal(0);
      expect(isEachOnce(numbersIn(run), ITEM_COUNT)).to.equal(true);
      expect(run.warnings).to.deep.equal([warning]);
    });
  }

  it('is told of a state file that is not there, and begins at the beginning', async () => {
    const nowhere = join(tempDirectory(), 'nowhere.json');
    const run = await readFrom(nowhere);
    expect(isEachOnce(numbersIn(run), ITEM_COUNT)).to.equal(true);
    expect(run.warnings).to.deep.equal([
      `There is no state file ${nowhere}, so every stream is read from its beginning.`,
    ]);
  });

  it('is told that its state is of the LEGACY type, and begins at the beginning', async () => {
    const legacy = [{ type: 'LEGACY', data: { orders: { cursor: 1 } } }];
    const run = await readFrom(await writeJson(legacy));
    expect(isEachOnce(numbersIn(run), ITEM_COUNT)).to.equal(true);
    expect(run.warnings).to.deep.equal([
      'The state has entries of the LEGACY type (1), which are ignored.',
    ]);
  });

  it('is told of a state that is no message', async () => {
    const run = await readFrom(await writeJson({ orders: { cursor: 1 } }));
    expect(run.errors.map(({ message }) => message)).to.deep.equal([
      "The state cannot be read: line 1 has no stream.stream_descriptor.name. This source writes one STREAM state per table. Pass a state that it wrote, or clear the connection's state to read everything again.",
    ]);
  });

  it('is told that a whole output, given back as the state, says that it was read to its end', async () => {
    const run = await readFrom(await writeText(finished.text, '.jsonl'));
    expect(run.exitCode).to.equal(0);
    expect(numbersIn(run)).to.deep.equal([]);
    expect(run.warnings).to.deep.equal([
      'orders: its state says that it was read to its end, so nothing is read. To read it again, leave out its state or choose incremental.',
    ]);
  });

  it('is told of a last line of the state that was cut off', async () => {
    const path = await writeText(finished.text.slice(0, -20), '.jsonl');
    const [first] = (await readFrom(path)).warnings;
    expect(first).to.equal(
      `The last line of the state file ${path}, line ${finished.lines.length}, is incomplete and was ignored; the read continues from the states before it.`,
    );
  });

  for (const [name, file] of [
    ['in the middle', ''],
    ['with nothing but an error to write', 'nowhere.json'],
  ] as const) {
    it(`is told of a disk that is full, ${name}`, () => expectFullDisk(file));
  }

  /** @param file that the catalog is taken from, a good one without it. */
  async function expectFullDisk(file: string): Promise<void> {
    const catalog = file || (await writeJson({ streams: [numberedStream('orders')] }));
    const full = await open('/dev/full', 'w');
    const args = [CONNECTOR_PATH, 'read', '--config', config, '--catalog', catalog];
    const child = spawn(process.execPath, args, {
      env: connectorEnvironment(),
      stdio: ['ignore', full.fd, 'pipe'],
    });
    let said = '';
    child.stderr?.setEncoding('utf8').on('data', (text: string) => (said += text));
    const [code] = (await once(child, 'close')) as [number | null];
    await full.close();
    expect(code).to.equal(1);
    expect(said).to.equal(
      'The output cannot be written (ENOSPC: no space left on device, write). Make room for it and try again.\n',
    );
  }

  it('passes every message on to a program behind a pipe', async () => {
    const catalog = await writeJson({ streams: [numberedStream('orders')] });
    const line = `"$0" "$1" read --config "$2" --catalog "$3" | grep -c '"RECORD"'; exit "\${PIPESTATUS[0]}"`;
    const child = spawn('bash', ['-c', line, process.execPath, CONNECTOR_PATH, config, catalog], {
      env: connectorEnvironment(),
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    let counted = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => (counted += text));
    expect(await once(child, 'close')).to.deep.equal([0, null]);
    expect(counted.trim()).to.equal(String(ITEM_COUNT));
  });
});
