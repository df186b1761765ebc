import { expect } from 'chai';
import type { Table } from '../../../../src/aws/dynamodb/tables.ts';
import { parseConfig } from '../../../../src/config/parse-config.ts';
import { ConfigError } from '../../../../src/errors.ts';
import { chooseMethod } from '../../../../src/strategies/choose-method.ts';
import type { CursorPlan } from '../../../../src/strategies/cursor/cursor-plan.ts';
import { parseSavedState } from '../../../../src/strategies/saved-state.ts';

const INDEX = { name: 'by-day', isGlobal: true, itemCount: 9, sizeBytes: 900, capacity: {} };
const TABLE: Table = {
  ...{ name: 'orders', reference: 'orders', status: 'ACTIVE', keys: [{ name: 'pk', type: 'S' }] },
  ...{ itemCount: 1000, sizeBytes: 1_000_000, capacity: {}, indexes: [INDEX] },
};
const FIELD = ['at'];
const KEY = { pk: { S: 'a' } };
const SAVED = { cursor_field: FIELD, cursor: '100', cursor_type: 'N' };
const RUNNING = { total_segments: 2, segments: [{ segment: 0, exclusive_start_key: KEY }] };

interface Choice {
  readonly field?: readonly string[];
  readonly schema?: object;
  readonly config?: object;
  readonly options?: object;
}

function plan(state: unknown, choice: Choice = {}): CursorPlan {
  const { field = FIELD, schema = {}, config: properties = {}, options } = choice;
  const config = parseConfig({
    ...{ region: 'us-east-1', credentials: { auth_type: 'Role' } },
    ...(options && { table_options: [{ table: 'orders', ...options }] }),
    ...properties,
  });
  const saved = parseSavedState(state);
  if (saved.kind === 'unfit') throw new Error(saved.reason);
  const planned = chooseMethod(config).plan({
    stream: {
      descriptor: { name: 'orders' },
      syncMode: 'incremental',
      destinationSyncMode: 'append',
      jsonSchema: { properties: schema },
      cursorField: field,
    },
    table: TABLE,
    saved,
  });
  return planned.kind === 'cursor' ? planned : expect.fail(`planned ${planned.kind}`);
}

function warningsOf({ notices }: CursorPlan): readonly string[] {
  return notices.flatMap(({ level, message }) => (level === 'warn' ? [message] : []));
}

/** The value that items have to reach; undefined when all are read. */
function boundOf({ settings }: CursorPlan): unknown {
  const { filterExpression, expressionAttributeValues: values = {} } = settings.target;
  return filterExpression === undefined ? undefined : Object.values(values).at(-1);
}

describe('the plan of a read by a cursor', () => {
  it('reads all items to begin with', () => {
    const planned = plan(undefined);
    expect(boundOf(planned)).to.equal(undefined);
    expect(planned.expected.records).to.equal(1000);
    expect(planned.start).to.deep.equal({ total_segments: 4, segments: [] });
    expect(warningsOf(planned)).to.deep.equal([]);
  });

  it('reads from the saved cursor on, of which it is not known how much that is', () => {
    const planned = plan(SAVED);
    expect(boundOf(planned)).to.deep.equal({ N: '100' });
    expect(planned.settings.target.filterExpression).to.equal('#c0 >= :c0');
    expect(planned.expected.records).to.equal(undefined);
    expect(planned.expected.readUnits).to.be.above(0);
    expect(warningsOf(planned)).to.deep.equal([]);
  });

  it('goes on with a running scan, and with the bound of that', () => {
    const scan = { ...RUNNING, started_at: '2026-11-26T12:00:00Z', max_cursor: '250' };
    const planned = plan({ ...SAVED, scan });
    expect(boundOf(planned)).to.deep.equal({ N: '100' });
    expect(planned.start.total_segments).to.equal(2);
    expect(planned.cursor.resumed).to.deep.include({ startedAt: Date.parse(scan.started_at) });
    expect(plan({ cursor_field: FIELD, scan }).settings.target).to.not.have.any.keys(
      'filterExpression',
    );
  });

  it('reaches back by the overlap, which a text does not have', () => {
    const options = { cursor_overlap: '30' };
    expect(boundOf(plan(SAVED, { options }))).to.deep.equal({ N: '70' });
    const ofText = plan({ ...SAVED, cursor_type: 'S' }, { options });
    expect(boundOf(ofText)).to.deep.equal({ S: '100' });
    expect(String(warningsOf(ofText))).to.match(/"cursor_overlap" has no effect/);
  });

  const types: readonly (readonly [object, object, string, string])[] = [
    [{ at: { type: 'string' } }, {}, '100', 'S'],
    [{ at: { type: ['string', 'null'] } }, {}, '100', 'S'],
    [{ at: { type: ['number', 'null'] } }, {}, '100', 'N'],
    [{ at: { type: ['integer', 'null'] } }, {}, '100', 'N'],
    [{ at: { type: ['string', 'number'] } }, {}, '100', 'N'],
    [{ at: { type: ['string', 'number'] } }, {}, 'x', 'S'],
    [{ at: { type: 'string' } }, { number_values: 'string' }, '100', 'N'],
    [{ at: { type: 'string' } }, { number_values: 'string' }, '2026-11-26', 'S'],
    [{}, {}, '100', 'N'],
    [{}, {}, '2026-11-26', 'S'],
  ];
  for (const [schema, config, cursor, type] of types) {
    it(`takes ${cursor} for ${type} by the schema ${JSON.stringify({ ...schema, ...config })}`, () => {
      const planned = plan({ cursor_field: FIELD, cursor }, { schema, config });
      expect(boundOf(planned)).to.deep.equal({ [type]: cursor });
    });
  }

  it('finds the type of a member of a map in the schema', () => {
    const schema = { a: { type: 'object', properties: { b: { type: 'string' } } } };
    const planned = plan({ cursor_field: ['a', 'b'], cursor: '5' }, { field: ['a', 'b'], schema });
    expect(boundOf(planned)).to.deep.equal({ S: '5' });
    expect(planned.settings.target.filterExpression).to.equal('#c0.#c1 >= :c0');
  });

  it('refuses a cursor that is no number where the schema says that it is', () => {
    const state = { cursor_field: FIELD, cursor: '2026-11-26' };
    const read = () => plan(state, { schema: { at: { type: 'number' } } });
    expect(read).to.throw(ConfigError, /orders.*"cursor" is not a number.*Clear the stream/);
  });

  const slice = { scan: { slice: { index: 0, count: 2 } } };
  const other: readonly (readonly [string, object, Choice, RegExp])[] = [
    [
      'field',
      { ...SAVED, cursor_field: ['then'] },
      {},
      /is for "then", but the cursor field is "at"/,
    ],
    [
      'slice',
      { ...SAVED, slice: { index: 1, count: 2 }, total_segments: 4 },
      { config: slice },
      /slice 1 of 2/,
    ],
    [
      'share',
      SAVED,
      { config: slice },
      /the whole of the table, but the config asks for slice 0 of 2/,
    ],
    [
      'index',
      SAVED,
      { options: { index_name: 'by-day' } },
      /asks for the whole of the index by-day/,
    ],
    [
      'number of segments of a slice',
      { ...SAVED, slice: { index: 0, count: 2 }, total_segments: 8 },
      { config: slice },
      /a slice of 8 segments, but the config asks for 4/,
    ],
    ['running share', { ...SAVED, scan: { ...RUNNING, index_name: 'x' } }, {}, /of the index x/],
    ['kind, running', { scan: { ...RUNNING, segments: [] } }, {}, /the state holds no cursor/],
    ['kind, finished', { scan_complete: true }, {}, /the state holds no cursor/],
  ];
  for (const [name, state, choice, warning] of other) {
    it(`reads all items again for a state of another ${name}, with a warning`, () => {
      const planned = plan(state, choice);
      expect(boundOf(planned)).to.equal(undefined);
      expect(planned.start.segments).to.deep.equal([]);
      expect(warningsOf(planned)).to.have.length(1);
      expect(String(warningsOf(planned))).to.match(warning);
    });
  }

  it('goes on with the same slice, and the same index', () => {
    const saved = { ...SAVED, slice: { index: 0, count: 2 }, total_segments: 4 };
    expect(boundOf(plan(saved, { config: slice }))).to.deep.equal({ N: '100' });
    const ofIndex = plan({ ...SAVED, index_name: 'by-day' }, { options: { index_name: 'by-day' } });
    expect(boundOf(ofIndex)).to.deep.equal({ N: '100' });
  });

  it('warns when the filter has changed since the cursor was saved', () => {
    const options = { filter_expression: 'attribute_exists(a)' };
    const planned = plan(SAVED, { options });
    expect(String(warningsOf(planned))).to.match(/the filter or the projection has changed/);
    const { selection } = planned.settings.scope;
    expect(warningsOf(plan({ ...SAVED, selection }, { options }))).to.deep.equal([]);
  });

  it('joins the filter of the config, and has the cursor fetched under a projection', () => {
    const options = { filter_expression: 'a = b OR c = d', projection: ['a'] };
    const { settings, watch } = plan(SAVED, { options });
    expect(settings.target.filterExpression).to.equal('(a = b OR c = d) AND #c0 >= :c0');
    expect(settings.target.projectionExpression).to.equal('#p0,#p1,#p2');
    expect(watch).to.deep.equal({ path: FIELD, isHidden: true });
    for (const projection of [['at'], undefined]) {
      expect(plan(SAVED, { options: { ...options, projection } }).watch.isHidden).to.equal(false);
    }
    expect(plan(undefined, { field: ['pk'], options }).watch.isHidden).to.equal(false);
  });

  it('looks for a member of packed data in the item', () => {
    const config = { record_format: 'packed' };
    const { watch } = plan(undefined, { field: ['data', 'meta', 'at'], config });
    expect(watch.path).to.deep.equal(['meta', 'at']);
    expect(plan(undefined, { field: ['data'], config }).watch.path).to.deep.equal(['data']);
    expect(plan(undefined, { field: ['data', 'at'] }).watch.path).to.deep.equal(['data', 'at']);
  });
});
