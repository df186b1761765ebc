import { expect } from 'chai';
import fc from 'fast-check';
import {
  parseSavedExport,
  renderExportState,
} from '../../../../src/strategies/export/export-state.ts';

const TIME = '2026-11-01T00:00:00Z';

describe('the state of exports', () => {
  it('is read as it was written', () => {
    const times = fc.integer({ min: 1_600_000_000_000, max: 1_900_000_000_000 });
    const progress = fc.oneof(fc.constant(true as const), fc.nat());
    const anyRunning = fc.record({
      scope: fc.oneof(
        times.map((time) => ({ kind: 'full' as const, time })),
        times.map((from) => ({ kind: 'incremental' as const, from, to: from + 900_000 })),
      ),
      arn: fc.string(),
      manifest: fc.string(),
      first: fc.nat(),
      files: fc.array(fc.tuple(fc.string({ minLength: 1 }), progress)).map((all) => new Map(all)),
    });
    fc.assert(
      fc.property(anyRunning, fc.boolean(), (running, isComplete) => {
        const { scope } = running;
        const saved = {
          ...{ running, isComplete, table: 'arn:of:a:table', slice: { index: 1, count: 3 } },
          ...(scope.kind === 'incremental' && { until: scope.from }),
        };
        const text = JSON.stringify(renderExportState(saved));
        const parsed = parseSavedExport(JSON.parse(text) as Record<string, unknown>);
        expect(parsed).to.deep.equal({ kind: 'export', ...saved });
      }),
    );
  });

  it('is unfit when it is not of our making, and says why', () => {
    const unfit = [
      [{ export: 7 }, '"export"'],
      [{ export: { files: {} } }, '"export"'],
      [{ export: { time: 'today', files: {} } }, '"export"'],
      [{ export: { time: TIME, files: [] } }, '"export"'],
      [{ export: { time: TIME, files: { a: false } } }, '"export"'],
      [{ export: { time: TIME, files: { a: -1 } } }, '"export"'],
      [{ export: { time: TIME, files: {}, first: 1.5 } }, '"export"'],
      [{ export: { time: TIME, arn: 7, files: {} } }, '"export"'],
      [{ export: { from: TIME, time: TIME, files: {} } }, 'does not begin where'],
      [{ export: { from: TIME, time: TIME }, until: '2026-11-01T00:00:01Z' }, 'does not begin'],
      [{ until: 'yesterday' }, '"until"'],
      [{ until: TIME, table: 1 }, '"table"'],
      [{ until: TIME, complete: 1 }, '"complete"'],
      [{ until: TIME, slice: { index: 2, count: 2 } }, '"slice"'],
    ] as const;
    for (const [state, reason] of unfit) {
      const parsed = parseSavedExport(state);
      expect(parsed.kind === 'unfit' ? parsed.reason : parsed, JSON.stringify(state)).to.include(
        reason,
      );
    }
  });
});
