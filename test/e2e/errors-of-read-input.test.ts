import { startFakeAws, type FakeAws } from '../support/fake-aws.ts';
import { runConnector, type ConnectorRun } from '../support/connector.ts';
import { tempDirectory, writeJson, writeText } from '../support/temp-files.ts';
import {
  expectFailedCommand,
  expectFailedStream,
  type ExpectedFailure,
} from './support/expect-failure.ts';
import { mapInParallel } from './support/map-in-parallel.ts';
import { numberedCatalog, numberedStream, numberedTable } from './support/numbered-table.ts';
import { engineConfig } from './support/source-runs.ts';

interface Case {
  readonly name: string;
  /** Text of the file; any other value is written as JSON. */
  readonly content: unknown;
  readonly says: readonly (string | RegExp)[];
}

const RUNS_AT_A_TIME = 3;
const TIMEOUT_MS = 60_000;
const STREAM = numberedStream('t');

const CATALOGS: readonly Case[] = [
  { name: 'is not JSON', content: '{"streams": [', says: ['catalog', 'is not JSON'] },
  {
    name: 'is empty',
    content: '',
    says: ['configured catalog is not valid', 'source-dynamodb catalog'],
  },
  { name: 'is null', content: null, says: ['configured catalog is not valid'] },
  { name: 'has no streams', content: {}, says: ['"streams" is missing'] },
  {
    name: 'has streams that are no array',
    content: { streams: {} },
    says: ['streams must be a list'],
  },
  {
    name: 'has a stream without a name',
    content: { streams: [{ ...STREAM, stream: { json_schema: {} } }] },
    says: ['streams[0].stream.name is missing'],
  },
  {
    name: 'is a discovered catalog, which is not configured',
    content: { streams: [{ name: 't', json_schema: {} }] },
    says: ['as "discover" prints it', 'source-dynamodb catalog'],
  },
  {
    name: 'has an unknown sync mode',
    content: { streams: [STREAM, { ...STREAM, sync_mode: 'sideways' }] },
    says: ['streams[1].sync_mode must be full_refresh or incremental'],
  },
  {
    name: 'lists attributes as a list, which would read none of them',
    content: {
      streams: [{ ...STREAM, stream: { name: 't', json_schema: { properties: ['pk'] } } }],
    },
    says: ['streams[0].stream.json_schema.properties must be an object'],
  },
  {
    name: 'is the config',
    content: { region: 'us-east-1', credentials: { auth_type: 'Role' } },
    says: ['is a config', '--catalog'],
  },
  {
    name: 'has a stream twice',
    content: { streams: [STREAM, STREAM] },
    says: ['lists the stream t twice'],
  },
];

/** States that are rejected before any stream is begun. */
const STATE_FILES: readonly Case[] = [
  { name: 'is not JSON', content: '[{"type": ', says: ['state file', 'is not JSON'] },
  { name: 'is text', content: '"finished"', says: ['The state cannot be read', 'clear'] },
  {
    name: 'is GLOBAL with a shared part',
    content: [{ type: 'GLOBAL', global: { shared_state: { lsn: 1 }, stream_states: [] } }],
    says: ['GLOBAL', 'clear'],
  },
  {
    name: 'is the output of discover',
    content: '{"type":"CATALOG","catalog":{"streams":[]}}\n{"type":"LOG","log":{}}\n',
    says: ['none of type STATE', 'leave out --state'],
  },
  {
    name: 'has a broken line that is not the last',
    content: '{"type":"STATE","state":{}}\n{"type":"STA\n{"type":"STATE","state":{}}\n',
    says: ['is not JSON (line 2, column 13:'],
  },
  {
    name: 'names no stream',
    content: [{ type: 'STREAM', stream: { stream_state: {} } }],
    says: ['stream_descriptor.name', 'clear'],
  },
];

const segment = (value: object): object => ({ segment: 0, complete: false, ...value });
const scan = (total_segments: unknown, ...segments: unknown[]): object => ({
  scan: { total_segments, segments },
});

const KEY = { pk: { S: 'item-1' } };
const START = segment({ exclusive_start_key: KEY });

/** States of the stream `t` that it cannot go on from. */
const UNFIT_STATES: readonly (readonly [string, unknown])[] = [
  ['is of a change stream', { stream: { arn: 'arn:aws:dynamodb:…', shards: {} } }],
  ['is of an export', { export: { arn: 'arn:aws:dynamodb:…' } }],
  ['is of another source', { bookmark: 7 }],
  ['is an array', [1]],
  ['is text', 'finished'],
  ['has no segments', { scan: { total_segments: 4 } }],
  ['has no total', { scan: { segments: [] } }],
  ['has a total of 0', scan(0)],
  ['has a total of 1.5', scan(1.5)],
  ['has a segment beyond its total', scan(2, segment({ segment: 2 }))],
  ['has a segment twice', scan(2, segment({}), segment({}))],
  ['has a segment that is not said to be complete or not', scan(2, { segment: 0 })],
  ['has a start key that is none', scan(2, segment({ exclusive_start_key: 'item-3' }))],
  ['is said to be incomplete without a scan', { scan_complete: false }],
  ['has a start key of another spelling', scan(2, segment({ exclusiveStartKey: KEY }))],
  ['is complete and has a start key', scan(2, { ...START, complete: true })],
  ['is finished and running', { ...scan(2, START), scan_complete: true }],
  ['has a slice of another spelling', { scan_complete: true, Slice: { index: 0, count: 2 } }],
];

const STREAM_STATES: readonly Case[] = UNFIT_STATES.map(([name, content]) => ({
  ...{ name, content },
  says: ['stream t', 'Clear the stream'],
}));

/** States that DynamoDB itself refuses. */
const UNFIT_KEYS: readonly (readonly [string, unknown])[] = [
  ['lies in another segment', { pk: { S: 'item-9' } }],
  ['has other key attributes', { id: { S: 'item-1' } }],
];

const START_KEYS: readonly Case[] = UNFIT_KEYS.map(([name, key]) => ({
  name,
  content: scan(2, segment({ exclusive_start_key: key }), { segment: 1, complete: true }),
  says: ['The state of t belongs to another table', 'Clear the stream'],
}));

describe('a read tells the user of', () => {
  let aws: FakeAws;
  let config: string;

  before(async () => {
    aws = await startFakeAws({ tables: [numberedTable('t', 10, 2)] });
    config = await writeJson(engineConfig(aws));
  });
  after(() => aws.stop());

  async function read(catalog: unknown, state: unknown): Promise<ConnectorRun> {
    const files = ['--catalog', await write(catalog), '--state', await write(state)];
    return runConnector(['read', '--config', config, ...files]);
  }

  /** A test for each case; their reads run side by side before the first of them. */
  function itTells(
    what: string,
    cases: readonly Case[],
    readCase: (content: unknown) => Promise<ConnectorRun>,
    expectFailure: (run: ConnectorRun, expected: ExpectedFailure) => void,
  ): void {
    describe(`a ${what} that`, () => {
      let runs: readonly ConnectorRun[];

      before(async function () {
        this.timeout(TIMEOUT_MS);
        runs = await mapInParallel(cases, RUNS_AT_A_TIME, ({ content }) => readCase(content));
      });

      for (const [index, { name, says }] of cases.entries()) {
        it(name, () => {
          const run = runs[index];
          if (run === undefined) throw new Error('it did not run');
          expectFailure(run, { failureType: 'config_error', says });
        });
      }
    });
  }

  const catalog = numberedCatalog('t');
  const expectFailedT = (run: ConnectorRun, expected: ExpectedFailure): void =>
    expectFailedStream(run, 't', expected);

  itTells('catalog', CATALOGS, (content) => read(content, []), expectFailedCommand);
  itTells('state', STATE_FILES, (content) => read(catalog, content), expectFailedCommand);
  for (const [what, cases] of [
    ["stream's state", STREAM_STATES],
    ['saved start key', START_KEYS],
  ] as const) {
    itTells(what, cases, (content) => read(catalog, [streamState(content)]), expectFailedT);
  }

  it('a catalog that does not exist', async () => {
    const nowhere = `${tempDirectory()}/nowhere.json`;
    const run = await runConnector(['read', '--config', config, '--catalog', nowhere]);
    expectFailedCommand(run, { failureType: 'config_error', says: [nowhere, 'does not exist'] });
  });
});

function streamState(stream_state: unknown): object {
  return { type: 'STREAM', stream: { stream_descriptor: { name: 't' }, stream_state } };
}

function write(content: unknown): Promise<string> {
  return typeof content === 'string' ? writeText(content) : writeJson(content);
}
