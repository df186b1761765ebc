import { expect } from 'chai';
import { parseSavedState } from '../../../../src/strategies/saved-state.ts';

const KEY = { pk: { S: 'a' } };
const STARTED = '2026-11-26T12:03:20Z';

describe("states of Airbyte's own connector", () => {
  const cases: readonly (readonly [string, object, object])[] = [
    [
      'a legacy one',
      {
        stream_name: 'orders',
        stream_namespace: null,
        cursor_field: ['updated_at'],
        cursor: '2024-05-01T10:00:00Z',
        cursor_record_count: 3,
      },
      { field: ['updated_at'], text: '2024-05-01T10:00:00Z', scope: {} },
    ],
    [
      'a legacy one of a table in which no item has the cursor',
      { stream_name: 'orders', cursor_field: ['u'], cursor: null, cursor_record_count: 0 },
      { field: ['u'], scope: {} },
    ],
    [
      'a finished one',
      { cursor_field: ['u'], cursor: '2', cursor_record_count: 1 },
      { field: ['u'], text: '2', scope: {} },
    ],
    ['one of an empty table', { cursor_field: ['u'] }, { field: ['u'], scope: {} }],
    [
      'a running one',
      {
        cursor_field: ['v'],
        cursor: '100',
        scan: {
          total_segments: 3,
          segments: [
            { segment: 0, exclusive_start_key: KEY, max_cursor: '250' },
            { segment: 1, complete: true, max_cursor: '300' },
            { segment: 2 },
          ],
        },
      },
      {
        ...{ field: ['v'], text: '100', scope: {} },
        running: {
          scan: {
            total_segments: 3,
            segments: [
              { segment: 0, exclusive_start_key: KEY, complete: false },
              { segment: 1, complete: true },
              { segment: 2, complete: false },
            ],
          },
          seen: { items: 0, counts: {}, largest: {} },
        },
      },
    ],
    [
      'a running one in one segment',
      {
        cursor_field: ['v'],
        cursor: '100',
        scan: { exclusive_start_key: KEY, max_cursor: '250' },
      },
      {
        ...{ field: ['v'], text: '100', scope: {} },
        running: {
          scan: {
            total_segments: 1,
            segments: [{ segment: 0, exclusive_start_key: KEY, complete: false }],
          },
          seen: { items: 0, counts: {}, largest: {} },
        },
      },
    ],
    [
      'a running one without the number of its segments',
      { cursor_field: ['v'], scan: { segments: [{ segment: 0 }, { segment: 1, complete: true }] } },
      {
        ...{ field: ['v'], scope: {} },
        running: {
          scan: {
            total_segments: 2,
            segments: [
              { segment: 0, complete: false },
              { segment: 1, complete: true },
            ],
          },
          seen: { items: 0, counts: {}, largest: {} },
        },
      },
    ],
    [
      'one that has read nothing yet',
      { cursor_field: ['v'], cursor: '100', scan: {} },
      { field: ['v'], text: '100', scope: {} },
    ],
  ];
  for (const [name, state, expected] of cases) {
    it(`are read: ${name}`, () => {
      expect(parseSavedState(state)).to.deep.equal({ kind: 'cursor', ...expected });
    });
  }

  it('are no state when nothing was read, not even a cursor chosen', () => {
    for (const state of [{ scan: {} }, { scan: { exclusive_start_key: null } }]) {
      expect(parseSavedState(state)).to.deep.equal({ kind: 'none' });
    }
  });
});

describe('states of a cursor', () => {
  it('are read with all that a running scan has come to', () => {
    const scan = {
      ...{ total_segments: 2, slice: { index: 0, count: 2 }, index_name: 'by-day' },
      segments: [{ segment: 0, exclusive_start_key: KEY, complete: false }],
    };
    const seen = { items: 12, S: 10, NULL: 1 };
    const state = {
      ...{ cursor_field: ['a', 'b'], cursor: 'x', cursor_type: 'S' },
      scan: { ...scan, started_at: STARTED, max_cursor: 'z', seen },
    };
    expect(parseSavedState(state)).to.deep.equal({
      ...{ kind: 'cursor', field: ['a', 'b'], text: 'x', type: 'S', scope: {} },
      running: {
        ...{ scan, startedAt: Date.parse(STARTED) },
        seen: { items: 12, counts: { S: 10, NULL: 1 }, largest: { S: 'z' } },
      },
    });
  });

  it('are read with the share that they hold for', () => {
    const scope = { slice: { index: 1, count: 2 }, index_name: 'i', total_segments: 4 };
    const state = { cursor_field: ['a'], cursor: '5', cursor_type: 'N', ...scope };
    expect(parseSavedState(state)).to.deep.equal({
      ...{ kind: 'cursor', field: ['a'], text: '5', type: 'N', scope },
    });
  });

  const SCAN = { total_segments: 1, segments: [{ segment: 0 }] };
  const cases: readonly (readonly [object, string])[] = [
    [{ cursor_field: [1] }, '"cursor_field" is no path'],
    [{ cursor_field: ['a'], cursor: 5 }, '"cursor" is not text'],
    [{ cursor_field: ['a'], cursor: '5', cursor_type: 'B' }, '"cursor_type" is not S or N'],
    [{ cursor_field: ['a'], cursor: 'x', cursor_type: 'N' }, '"cursor" is not a number'],
    [{ cursor_field: ['a'], slice: { index: 3, count: 2 } }, '"slice" does not say'],
    [{ cursor_field: ['a'], scan: 'x' }, '"scan" is not an object'],
    [{ cursor_field: ['a'], scan: { segments: 'x' } }, '"scan.total_segments" is not a number'],
    [
      { cursor_field: ['a'], scan: { total_segments: 1, segments: [{ segment: 1 }] } },
      'beyond the 1 segments',
    ],
    [{ cursor_field: ['a'], scan: { exclusive_start_key: {} } }, 'is not a key'],
    [{ cursor_field: ['a'], scan: { ...SCAN, max_cursor: 5 } }, '"scan.max_cursor" is not text'],
    [
      { cursor_field: ['a'], cursor_type: 'N', scan: { ...SCAN, max_cursor: 'x' } },
      '"scan.max_cursor" is not a number',
    ],
  ];
  for (const [state, reason] of cases) {
    it(`are unfit: ${JSON.stringify(state)}`, () => {
      expect(parseSavedState(state)).to.deep.include({ kind: 'unfit' });
      expect(JSON.stringify(parseSavedState(state))).to.include(
        JSON.stringify(reason).slice(1, -1),
      );
    });
  }
});
