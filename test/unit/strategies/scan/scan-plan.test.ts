import { expect } from 'chai';
import type { Table } from '../../../../src/aws/dynamodb/tables.ts';
import { parseConfig } from '../../../../src/config/parse-config.ts';
import { ConfigError } from '../../../../src/errors.ts';
import { chooseMethod } from '../../../../src/strategies/choose-method.ts';
import { parseSavedState } from '../../../../src/strategies/saved-state.ts';
import { createStateError } from '../../../../src/strategies/scan/scan-plan.ts';

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
const CHANGES = {
  stream: {
    arn: 'arn:aws:dynamodb:us-east-1:123456789012:table/orders/stream/1',
    base: 1_795_697_000_000_000,
    read_to: '2026-11-26T12:03:20Z',
    read_to_latest: '2026-11-26T12:03:24Z',
    shards: { s2: { parent: 's1', after: '5', cursor: 1_795_697_000_000_017 } },
    finished: { s1: 1_795_697_000_000_400 },
  },
};
const OF_OTHER_METHODS = {
  'a change stream': CHANGES,
  'a change stream and its snapshot': { ...CHANGES, ...RUNNING },
  exports: { until: '2026-11-01T00:00:00Z' },
};

interface Choice {
  readonly syncMode?: 'full_refresh' | 'incremental';
  readonly destinationSyncMode?: string;
  readonly cursorField?: readonly string[];
  readonly scan?: object;
  readonly table?: Partial<Table>;
  readonly options?: object;
}

describe('the plan of a scan', () => {
  function plan(savedState: unknown, choice: Choice = {}) {
    const { syncMode = 'full_refresh', cursorField = [], scan = {}, table = {} } = choice;
    const options = choice.options === undefined ? [] : [{ table: 'orders', ...choice.options }];
    const config = parseConfig({ ...MINIMUM, scan, table_options: options });
    const saved = parseSavedState(savedState);
    if (saved.kind === 'unfit') throw createStateError('orders', saved.reason);
    return chooseMethod(config).plan({
      stream: {
        ...{ descriptor: { name: 'orders' }, syncMode, jsonSchema: {}, cursorField },
        ...(choice.destinationSyncMode && { destinationSyncMode: choice.destinationSyncMode }),
      },
      table: { ...TABLE, ...table },
      saved,
    });
  }

  /** What is said, without what every scan says. */
  function describePlan(savedState: unknown, choice: Choice = {}) {
    const { kind, notices } = plan(savedState, choice);
    const lines = notices.map(({ level, message }) => `${level.toUpperCase()} ${message}`);
    const [, how] = /reading (.*?), about/.exec(lines.at(-1) ?? '') ?? [];
    return { kind, how, lines: lines.filter((line) => !line.includes(': reading ')) };
  }

  const modes = ['full_refresh', 'incremental'] as const;

  for (const syncMode of modes) {
    for (const nothing of [undefined, null, {}]) {
      it(`${syncMode}: scans from the start with ${JSON.stringify({ state: nothing })}`, () => {
        const planned = describePlan(nothing, { syncMode });
        expect(planned).to.deep.equal({ kind: 'scan', how: 'in 4 segments', lines: [] });
      });
    }

    it(`${syncMode}: resumes a running scan with the number of segments that it began with`, () => {
      const { kind, how, lines } = describePlan(RUNNING, { syncMode, scan: { segments: 2 } });
      expect({ kind, how }).to.deep.equal({ kind: 'scan', how: 'in 8 segments' });
      expect(lines).to.deep.equal([
        'INFO orders: resuming a scan in 8 segments, 7 of them not complete.',
      ]);
    });

    it(`${syncMode}: reads a table anew whose state is of a cursor, with a warning`, () => {
      for (const state of [CURSOR, { cursor: '5' }, { ...CURSOR, ...RUNNING }]) {
        const { how, lines } = describePlan(state, { syncMode });
        expect(how).to.equal('in 4 segments');
        expect(lines).to.have.lengthOf(1);
        expect(String(lines)).to.match(/^WARN orders: .*cursor/);
      }
    });

    for (const [name, state] of Object.entries(OF_OTHER_METHODS)) {
      it(`${syncMode}: reads a table from its beginning with a state of ${name}, and says so`, () => {
        for (const cursorField of [[], ['n']]) {
          const { how, lines } = describePlan(state, { syncMode, cursorField });
          expect(how).to.equal('in 4 segments');
          expect(lines).to.include(
            'WARN orders: its state was written by another replication method, so the table is read from its beginning.',
          );
        }
      });
    }

    const unreadable: readonly (readonly [string, unknown])[] = [
      ['text', 'finished'],
      ['a number', 5],
      ['a list', [FINISHED]],
      ['another source', { LastEvaluatedKey: { pk: 'a' } }],
      ['a scan that cannot be read', { scan: { total_segments: 0, segments: [] } }],
      ['a scan that is not complete', { scan_complete: false }],
      ['a broken change stream', { stream: { arn: 'arn', shards: {} } }],
      ['a broken change stream beside a scan', { stream: { arn: 'arn', shards: {} }, ...RUNNING }],
      ['a broken export', { export: { arn: 'arn' } }],
      ['a broken export beside a finished scan', { export: { arn: 'arn' }, ...FINISHED }],
      ['another slice', { scan_complete: true, slice: { index: 0, count: 2 } }],
      ['an index', { scan: { ...RUNNING.scan, index_name: 'by-day' } }],
    ];
    for (const [name, state] of unreadable) {
      it(`${syncMode}: refuses a state of ${name}, and says what to do`, () => {
        expect(() => plan(state, { syncMode })).to.throw(ConfigError, /orders.*clear the stream/i);
      });
    }
  }

  it('reads nothing of what an earlier attempt of the same job finished, and says so', () => {
    const message =
      'orders: its state says that it was read to its end, so nothing is read. To read it again, leave out its state or choose incremental.';
    const planned = plan(FINISHED);
    expect(planned).to.deep.equal({
      ...{ kind: 'finished', state: FINISHED },
      notices: [{ level: 'warn', message }],
    });
  });

  it('scans anew in the next incremental sync', () => {
    const planned = describePlan(FINISHED, { syncMode: 'incremental' });
    expect(planned).to.deep.equal({ kind: 'scan', how: 'in 4 segments', lines: [] });
  });

  it('goes by the cursor that an incremental stream has, and by none under full_refresh', () => {
    const cursorField = ['meta', 'at'];
    const { kind, how } = describePlan({}, { syncMode: 'incremental', cursorField });
    expect({ kind, how }).to.deep.equal({ kind: 'cursor', how: 'in 4 segments' });
    expect(plan({}, { syncMode: 'full_refresh', cursorField }).kind).to.equal('scan');
  });

  it('warns of incremental syncs that append the whole table each time, and of no others', () => {
    const append = { syncMode: 'incremental', destinationSyncMode: 'append' } as const;
    const warning =
      'WARN orders is read in full: every sync appends all of it again. Choose append_dedup to keep one copy of each record.';
    expect(describePlan({}, append).lines).to.deep.equal([warning]);
    expect(describePlan(FINISHED, append).lines).to.deep.equal([warning]);
    for (const other of [
      { ...append, destinationSyncMode: 'append_dedup' },
      { ...append, syncMode: 'full_refresh' },
      { syncMode: 'incremental' },
    ] as const) {
      expect(describePlan({}, other).lines).to.deep.equal([]);
    }
  });

  it('scans in the configured number of segments, or by the size of the table', () => {
    expect(describePlan(undefined, { scan: { segments: 1 } })).to.include({ how: 'in 1 segment' });
    expect(describePlan(undefined, { scan: { segments: 0 } })).to.include({
      how: 'in 12 segments',
    });
  });

  it('refuses a slice whose segments have changed', () => {
    const slice = { index: 1, count: 2 };
    const state = { scan: { ...RUNNING.scan, slice } };
    expect(plan(state, { scan: { segments: 8, slice } })).to.include({ kind: 'scan' });
    expect(() => plan(state, { scan: { segments: 6, slice } })).to.throw(ConfigError, /segments/);
  });

  it('warns when the filter or the projection is another than when the state was written', () => {
    const filter = { filter_expression: 'attribute_exists(pk)' };
    const planned = plan(undefined, { options: filter });
    if (planned.kind === 'finished') return expect.fail('nothing is planned');
    const { segments } = RUNNING.scan;
    const state = { scan: { ...planned.start, total_segments: 8, segments } };
    const warnings = (options: object | undefined): number =>
      plan(state, { ...(options && { options }) }).notices.filter(({ message }) =>
        message.includes('has changed since its state was written'),
      ).length;
    expect(warnings(filter)).to.equal(0);
    expect(warnings(undefined)).to.equal(1);
    expect(warnings({ filter_expression: 'attribute_exists(other)' })).to.equal(1);
    expect(warnings({ ...filter, projection: ['other'] })).to.equal(1);
  });

  it('gives a finished state back as it was', () => {
    const slice = { index: 1, count: 2 };
    const state = { scan_complete: true, slice, total_segments: 4, index_name: 'by-day' };
    const indexes = [
      { name: 'by-day', isGlobal: false, itemCount: 5, sizeBytes: 50, capacity: {} },
    ];
    const choice = { scan: { slice }, options: { index_name: 'by-day' }, table: { indexes } };
    expect(plan(state, choice)).to.deep.include({ kind: 'finished', state });
  });

  describe('expects', () => {
    const size = { itemCount: 10, sizeBytes: TABLE.sizeBytes };

    function expectedOf(savedState: unknown, choice: Choice = {}) {
      const planned = plan(savedState, choice);
      return planned.kind === 'finished' ? 'nothing' : planned.expected;
    }

    it('the items of the table', () => {
      expect(expectedOf(undefined)).to.deep.equal({ size, records: 10 });
      expect(expectedOf(FINISHED, { syncMode: 'incremental' })).to.deep.equal({
        size,
        records: 10,
      });
    });

    it('its read units when a filter keeps items back', () => {
      const filter = { filter_expression: 'attribute_exists(pk)' };
      const readUnits = TABLE.sizeBytes / 4096;
      expect(expectedOf(undefined, { options: filter })).to.deep.equal({ size, readUnits });
      const options = { ...filter, consistent_read: false };
      expect(expectedOf(undefined, { options })).to.deep.equal({
        size,
        readUnits: readUnits / 2,
      });
    });

    it('nothing of a new table, and of a resumed scan no more than the size', () => {
      const table = { itemCount: 0, sizeBytes: 0 };
      expect(expectedOf(undefined, { table })).to.deep.equal({});
      expect(expectedOf(RUNNING)).to.deep.equal({ size });
    });

    it('nothing when everything was read before', () => {
      expect(expectedOf(FINISHED)).to.equal('nothing');
    });
  });
});
