import { expect } from 'chai';
import { chooseScan } from '../../../src/config/choose-scan.ts';
import { parseConfig } from '../../../src/config/parse-config.ts';
import { connect, type DynamoDbConnection } from '../../../src/aws/connection.ts';
import type { Table } from '../../../src/aws/dynamodb/tables.ts';
import { ConfigError } from '../../../src/errors.ts';
import { TranscoderEngine } from '../../../src/records/transcoder-engine.ts';
import { type Plan, planRead } from '../../../src/source/plan.ts';
import { settleScan } from '../../../src/strategies/scan/scan-settings.ts';
import { gatherLog } from './gather-log.ts';

const MINIMUM = {
  region: 'us-east-1',
  credentials: { auth_type: 'User', access_key_id: 'local', secret_access_key: 'local' },
};
const TABLE: Table = {
  name: 'orders',
  reference: 'orders',
  status: 'ACTIVE',
  keys: [{ name: 'pk', type: 'S' }],
  itemCount: 10,
  sizeBytes: 3 * 1024 * 1024 * 1024,
  capacity: {},
  indexes: [],
};
const RUNNING = {
  scan: {
    total_segments: 8,
    segments: [
      { segment: 0, complete: true },
      { segment: 5, exclusive_start_key: { pk: { S: 'a' } }, complete: false },
    ],
  },
};
const FINISHED = { scan_complete: true };
const CURSOR = { cursor_field: ['updated_at'], cursor: '5', cursor_record_count: 1 };

interface Choice {
  readonly syncMode?: 'full_refresh' | 'incremental';
  readonly cursorField?: readonly string[];
  readonly scan?: object;
}

describe('the plan of a read', () => {
  let connection: DynamoDbConnection;
  const engine = new TranscoderEngine({ pages: 0, sessions: 1 });

  before(async () => {
    connection = await connect(parseConfig(MINIMUM), {
      findProxy: () => undefined,
      onSecret: () => undefined,
    });
  });

  after(() => {
    connection.close();
  });

  function plan(savedState: unknown, choice: Choice = {}) {
    const { syncMode = 'full_refresh', cursorField = [], scan = {} } = choice;
    const config = parseConfig({ ...MINIMUM, scan });
    const logger = gatherLog();
    const input = {
      config,
      connection,
      logger,
      stream: { descriptor: { name: 'orders' }, syncMode, jsonSchema: {}, cursorField },
      table: TABLE,
      settings: settleScan(chooseScan(config, 'orders'), TABLE),
      savedState,
      onRetry: () => undefined,
      onRateLimit: () => undefined,
      engine,
    };
    const planned = planRead(input);
    return { ...describePlan(planned), lines: logger.lines };
  }

  function describePlan(planned: Plan) {
    if (planned.kind === 'finished') return { kind: planned.kind, state: planned.state };
    return { kind: planned.kind, how: planned.strategy.describe() };
  }

  const modes = ['full_refresh', 'incremental'] as const;

  for (const syncMode of modes) {
    for (const nothing of [undefined, null, {}]) {
      it(`${syncMode}: scans from the start with ${JSON.stringify({ state: nothing })}`, () => {
        const planned = plan(nothing, { syncMode });
        expect(planned).to.deep.equal({ kind: 'read', how: 'in 4 segments', lines: [] });
      });
    }

    it(`${syncMode}: resumes a running scan with the number of segments that it began with`, () => {
      const { kind, how, lines } = plan(RUNNING, { syncMode, scan: { segments: 2 } }) as Record<
        string,
        unknown
      >;
      expect({ kind, how }).to.deep.equal({ kind: 'read', how: 'in 8 segments' });
      expect(lines).to.deep.equal([
        'INFO orders: resuming a scan in 8 segments, 7 of them not complete.',
      ]);
    });

    it(`${syncMode}: reads a table anew whose state is of a cursor, with a warning`, () => {
      for (const state of [CURSOR, { cursor: '5' }, { ...CURSOR, ...RUNNING }]) {
        const { how, lines } = plan(state, { syncMode }) as Record<string, unknown>;
        expect(how).to.equal('in 4 segments');
        expect(lines).to.have.lengthOf(1);
        expect(String(lines)).to.match(/^WARN orders: .*cursor/);
      }
    });

    const unreadable: readonly (readonly [string, unknown])[] = [
      ['text', 'finished'],
      ['a number', 5],
      ['a list', [FINISHED]],
      ['another source', { LastEvaluatedKey: { pk: 'a' } }],
      ['a scan that cannot be read', { scan: { total_segments: 0, segments: [] } }],
      ['a scan that is not complete', { scan_complete: false }],
      ['a change stream', { stream: { arn: 'arn', shards: {} } }],
      ['a change stream and its snapshot', { stream: { arn: 'arn', shards: {} }, ...RUNNING }],
      ['an export', { export: { arn: 'arn' } }],
      ['an export beside a finished scan', { export: { arn: 'arn' }, ...FINISHED }],
      ['another slice', { scan_complete: true, slice: { index: 0, count: 2 } }],
      ['an index', { scan: { ...RUNNING.scan, index_name: 'by-day' } }],
    ];
    for (const [name, state] of unreadable) {
      it(`${syncMode}: refuses a state of ${name}, and says what to do`, () => {
        expect(() => plan(state, { syncMode })).to.throw(ConfigError, /orders.*clear the stream/i);
      });
    }
  }

  it('reads nothing of what an earlier attempt of the same job finished', () => {
    const planned = plan(FINISHED);
    expect(planned).to.deep.equal({ kind: 'finished', state: FINISHED, lines: [] });
  });

  it('scans anew in the next incremental sync', () => {
    const planned = plan(FINISHED, { syncMode: 'incremental' });
    expect(planned).to.deep.equal({ kind: 'read', how: 'in 4 segments', lines: [] });
  });

  it('says that a cursor is not used', () => {
    const choice = { syncMode: 'incremental', cursorField: ['meta', 'at'] } as const;
    const { how, lines } = plan({}, choice) as Record<string, unknown>;
    expect(how).to.equal('in 4 segments');
    expect(String(lines)).to.match(/^WARN orders: the cursor meta\.at is not used/);
  });

  it('scans in the configured number of segments, or by the size of the table', () => {
    expect(plan(undefined, { scan: { segments: 1 } })).to.include({ how: 'in 1 segment' });
    expect(plan(undefined, { scan: { segments: 0 } })).to.include({ how: 'in 12 segments' });
  });

  it('refuses a slice whose segments have changed', () => {
    const slice = { index: 1, count: 2 };
    const state = { scan: { ...RUNNING.scan, slice } };
    expect(plan(state, { scan: { segments: 8, slice } })).to.include({ kind: 'read' });
    expect(() => plan(state, { scan: { segments: 6, slice } })).to.throw(ConfigError, /segments/);
  });
});
