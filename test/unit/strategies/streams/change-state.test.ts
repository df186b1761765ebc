import { expect } from 'chai';
import { ChangeProgress } from '../../../../src/strategies/streams/change-progress.ts';
import { GapRepair } from '../../../../src/strategies/streams/gaps/gap-repair.ts';
import {
  findLargestNumber,
  parseSavedChanges,
} from '../../../../src/strategies/streams/change-state.ts';

const BASE = 1_795_697_000_000_000;
const STREAM = {
  arn: 'arn:aws:dynamodb:eu-west-1:111122223333:table/orders/stream/2026-11-26T12:00:00.000',
  base: BASE,
  read_to: '2026-11-26T12:03:20.000Z',
  read_to_latest: '2026-11-26T12:03:24.000Z',
  shards: {
    'shardId-2': { parent: 'shardId-1', after: '17', cursor: BASE + 17 },
    'shardId-3': { only: 'deletes', after: '4' },
    'shardId-4': {},
  },
  finished: { 'shardId-1': BASE + 9 },
};

describe('the state of a change stream', () => {
  it('comes back as it was saved', () => {
    const saved = parseSavedChanges({ stream: STREAM });
    expect(saved).to.deep.equal({ kind: 'stream', stream: STREAM });
    if (saved.kind === 'unfit') return;
    expect(new ChangeProgress(saved.stream).toState()).to.deep.equal(STREAM);
    expect(findLargestNumber(saved.stream)).to.equal(BASE + 17);
  });

  it('has the scan of a running snapshot beside it', () => {
    const scan = { total_segments: 4, segments: [] };
    expect(parseSavedChanges({ stream: STREAM, scan })).to.have.deep.property('scan', scan);
    expect(parseSavedChanges({ stream: STREAM, scan: { total_segments: 0 } })).to.have.property(
      'kind',
      'unfit',
    );
  });

  const repair = {
    base: BASE,
    windows: [
      ['2026-11-26T12:03:20Z', '2026-11-26T12:18:20Z'],
      ['2026-11-26T12:03:25Z', '2026-11-27T00:00:00Z'],
    ],
    rows: ['2026-11-26T12:03:25Z'],
    read_to: '2026-11-27T00:00:00Z',
    done: 1,
  };
  const ofWindow = { from: '2026-11-26T12:03:25Z', time: '2026-11-27T00:00:00Z', files: { a: 3 } };
  const full = { time: '2026-11-26T12:03:20Z', files: {} };

  it('has the export of a snapshot beside it, or a repair and its export', () => {
    const snapshot = parseSavedChanges({ stream: STREAM, export: full });
    expect(snapshot).to.have.nested.property('export.scope.kind', 'full');
    const saved = parseSavedChanges({ stream: STREAM, repair, export: ofWindow });
    if (saved.kind === 'unfit') return expect.fail(saved.reason);
    expect(saved.export).to.equal(undefined);
    expect(saved.repair?.running?.files).to.deep.equal(new Map([['a', 3]]));
    const exports = { fetchRecovery: () => expect.fail(), open: () => expect.fail() };
    expect(saved.repair && new GapRepair(saved.repair, exports, 'orders').toState()).to.deep.equal({
      repair,
      export: ofWindow,
    });
  });

  for (const [name, members, reason] of [
    ['an export of a window without a repair', { export: ofWindow }, '"export" is not a full one'],
    ['an export that is none', { export: { time: 'x' } }, '"export" is not as'],
    ['the export of another window', { repair, export: full }, '"repair" is not as'],
    ['a repair that is through', { repair: { ...repair, done: 2 } }, '"repair" is not as'],
    [
      'a repair without the times of its rows',
      { repair: { ...repair, rows: [5] } },
      '"repair" is not as',
    ],
    [
      'a window that ends before it begins',
      {
        repair: { ...repair, windows: [['2026-11-26T12:03:20Z', '2026-11-26T12:03:20Z']], done: 0 },
      },
      '"repair" is not as',
    ],
    [
      'a scan and an export',
      { scan: { total_segments: 4, segments: [] }, export: full },
      'a "scan" and an "export"',
    ],
  ] as const) {
    it(`is unfit with ${name}`, () => {
      const saved = parseSavedChanges({ stream: STREAM, ...members });
      expect(saved.kind === 'unfit' && saved.reason).to.include(reason);
    });
  }

  const contradictions: readonly (readonly [string, object, string])[] = [
    [
      'a shard that is finished and not',
      { finished: { 'shardId-2': BASE } },
      'is finished and not',
    ],
    ['a position without its number', { shards: { a: { after: '1' } } }, 'shards'],
    ['a number below the base', { shards: { a: { after: '1', cursor: BASE - 1 } } }, 'below'],
    ['a finished number below the base', { finished: { a: BASE - 1 } }, 'below'],
    ['a number that is none', { finished: { a: '17' } }, 'finished'],
    ['a base beyond what a double holds', { base: 2 ** 53 }, 'base'],
    ['deletes alone with a number', { shards: { a: { only: 'deletes', cursor: BASE } } }, 'shards'],
    ['another restriction', { shards: { a: { only: 'puts' } } }, 'shards'],
    [
      'shards that wait for each other',
      { shards: { a: { parent: 'b' }, b: { parent: 'a' } } },
      'wait',
    ],
    ['a time that is none', { read_to: 'yesterday' }, 'read_to'],
    ['a latest time before that of all', { read_to_latest: '2026-11-26T12:00:00.000Z' }, 'before'],
    ['no ARN', { arn: undefined }, 'arn'],
    ['shards in a list', { shards: [] }, 'shards'],
  ];
  for (const [name, changed, reason] of contradictions) {
    it(`is refused with ${name}`, () => {
      const saved = parseSavedChanges({ stream: { ...STREAM, ...changed } });
      expect(saved).to.have.property('reason').that.includes(reason);
    });
  }
});
