import { expect } from 'chai';
import fc from 'fast-check';
import { parseSavedScan } from '../../../../src/strategies/scan/scan-state.ts';

const KEY = { pk: { S: 'a' }, sk: { N: '1' } };
const SEGMENT = { segment: 0, exclusive_start_key: KEY, complete: false };

function parseScan(scan: unknown) {
  return parseSavedScan({ scan });
}

describe('parsing a saved scan', () => {
  it('reads a running scan as it was written', () => {
    const scan = {
      total_segments: 4,
      segments: [SEGMENT, { segment: 3, complete: true }, { segment: 1, complete: false }],
    };
    expect(parseScan(scan)).to.deep.equal({ kind: 'running', scan });
  });

  it('reads a scan of which no segment has begun', () => {
    const scan = { total_segments: 1_000_000, segments: [] };
    expect(parseScan(scan)).to.deep.equal({ kind: 'running', scan });
  });

  it('reads a finished scan', () => {
    expect(parseSavedScan({ scan_complete: true })).to.deep.include({ kind: 'finished' });
  });

  it('reads what a scan was confined to', () => {
    const scope = { slice: { index: 1, count: 4 }, index_name: 'by-day' };
    const running = parseScan({ total_segments: 4, ...scope, segments: [] });
    expect(running).to.have.property('scan').that.deep.includes(scope);
    const finished = parseSavedScan({ scan_complete: true, ...scope, total_segments: 4 });
    expect(finished).to.have.property('scope').that.deep.includes(scope);
  });

  it('finds no scan in a state that says nothing of one', () => {
    for (const state of [{}, { cursor: '5', cursor_field: ['n'], cursor_record_count: 1 }]) {
      expect(parseSavedScan(state)).to.deep.equal({ kind: 'none' });
    }
  });

  for (const complete of [false, null, 'true', 1, {}, undefined]) {
    it(`refuses a scan_complete that is ${(JSON.stringify(complete) as string | undefined) ?? 'undefined'}`, () => {
      expect(parseSavedScan({ scan_complete: complete })).to.have.property('kind', 'unfit');
    });
  }

  const hostile: readonly (readonly [string, unknown])[] = [
    ['undefined', undefined],
    ['null', null],
    ['a list', []],
    ['text', 'running'],
    ['true', true],
    ['empty', {}],
    ['without segments', { total_segments: 4 }],
    ['without their number', { segments: [SEGMENT] }],
    ['of no segments', { total_segments: 0, segments: [] }],
    ['of a negative number', { total_segments: -4, segments: [] }],
    ['of a broken number', { total_segments: 1.5, segments: [] }],
    ['of a number in text', { total_segments: '4', segments: [] }],
    ['of too many', { total_segments: 1_000_001, segments: [] }],
    ['of an endless number', { total_segments: Infinity, segments: [] }],
    ['of segments that are no list', { total_segments: 4, segments: { 0: SEGMENT } }],
    ...[
      null,
      'segment',
      [],
      {},
      { ...SEGMENT, segment: undefined },
      { ...SEGMENT, segment: -1 },
      { ...SEGMENT, segment: 4 },
      { ...SEGMENT, segment: 0.5 },
      { ...SEGMENT, segment: '0' },
      { ...SEGMENT, complete: undefined },
      { ...SEGMENT, complete: 'false' },
      { ...SEGMENT, exclusive_start_key: null },
      { ...SEGMENT, exclusive_start_key: 'a' },
      { ...SEGMENT, exclusive_start_key: [] },
      { ...SEGMENT, exclusive_start_key: {} },
      { ...SEGMENT, exclusive_start_key: { pk: 'a' } },
      { ...SEGMENT, exclusive_start_key: { pk: null } },
      { ...SEGMENT, exclusive_start_key: { pk: ['S', 'a'] } },
    ].map((segment): [string, unknown] => [
      `with a segment ${JSON.stringify(segment)}`,
      { total_segments: 4, segments: [{ segment: 1, complete: true }, segment] },
    ]),
    ...[
      null,
      'a',
      [],
      {},
      { index: 0 },
      { index: -1, count: 2 },
      { index: 0, count: '2' },
      { index: 0, count: 0 },
      { index: 2, count: 2 },
    ].map((slice): [string, unknown] => [
      `of a slice ${JSON.stringify(slice)}`,
      { total_segments: 4, slice, segments: [] },
    ]),
    ['of an index without a name', { total_segments: 4, index_name: 5, segments: [] }],
    ['with a segment twice', { total_segments: 4, segments: [SEGMENT, SEGMENT] }],
  ];
  for (const [name, scan] of hostile) {
    it(`refuses a scan that is ${name}`, () => {
      expect(parseScan(scan)).to.have.property('kind', 'unfit');
    });
  }

  const segments = (...members: unknown[]): object => ({
    scan: { total_segments: 4, segments: members },
  });
  const inScan = (members: object): object => ({
    scan: { total_segments: 4, segments: [], ...members },
  });
  const told: readonly (readonly [object, string])[] = [
    [{ scan: [] }, '"scan" is not an object'],
    [
      segments({ segment: 1, complete: true }, { segment: 0, exclusiveStartKey: KEY }),
      '"scan.segments[1].exclusiveStartKey" is unknown',
    ],
    [
      segments({ segment: 0, complete: false, exclusive_startkey: KEY }),
      '"scan.segments[0].exclusive_startkey" is unknown',
    ],
    [segments({ ...SEGMENT, max_cursor: '5' }), '"scan.segments[0].max_cursor" is unknown'],
    [
      segments({ ...SEGMENT, complete: true }),
      '"scan.segments[0]" is complete but has a start key',
    ],
    [segments(SEGMENT, { segment: 0, complete: true }), 'it lists segment 0 twice'],
    [
      segments({ segment: 4, complete: true }),
      '"scan.segments[0]" is beyond the 4 segments of the scan',
    ],
    [inScan({ Slice: { index: 0, count: 2 } }), '"scan.Slice" is unknown'],
    [inScan({ slice: { index: 0, count: 2, of: 4 } }), '"scan.slice.of" is unknown'],
    [inScan({ index: 'by-day' }), '"scan.index" is unknown'],
    [inScan({ index_name: '' }), '"scan.index_name" is not the name of an index'],
    [inScan({ selection: 5 }), '"scan.selection" is not text'],
    [inScan({ ['__proto__']: 5 }), '"scan.__proto__" is unknown'],
    [{ ...inScan({}), scan_complete: true }, 'it has both "scan" and "scan_complete"'],
    [{ ...inScan({}), scan_complete: false }, 'it has both "scan" and "scan_complete"'],
    [{ ...inScan({}), slice: { index: 0, count: 2 } }, '"slice" is unknown'],
    [{ scan_complete: true, Slice: { index: 0, count: 2 } }, '"Slice" is unknown'],
    [{ scan_complete: true, slice: 'a' }, '"slice" is not an object'],
    [{ scan_complete: true, index_name: 5 }, '"index_name" is not the name of an index'],
    [
      { scan_complete: true, slice: { index: 0, count: 2 } },
      'it has a "slice" without "total_segments"',
    ],
    [{ scan_complete: true, total_segments: '4' }, '"total_segments" is not a number of segments'],
  ];
  for (const [state, reason] of told) {
    it(`says that ${reason}`, () => {
      const read = parseSavedScan(state as Readonly<Record<string, unknown>>);
      expect(read).to.deep.equal({ kind: 'unfit', reason });
    });
  }

  it('never fails, and never makes a running scan of anything else', () => {
    fc.assert(
      fc.property(fc.anything({ withNullPrototype: true }), (scan) => {
        const saved = parseScan(scan);
        if (saved.kind !== 'unfit') expect(saved).to.have.property('kind', 'running');
      }),
      { numRuns: 500 },
    );
  });
});
