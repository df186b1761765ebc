import { expect } from 'chai';
import fc from 'fast-check';
import type { RawItem } from '../../../../src/aws/dynamodb/attribute-value.ts';
import { ScanProgress } from '../../../../src/strategies/scan/scan-progress.ts';
import { parseSavedScan, type ScanState } from '../../../../src/strategies/scan/scan-state.ts';

function keyOf(name: string): RawItem {
  return { pk: { S: name } };
}

/** The progress as a later read finds it. */
function resume(progress: ScanProgress): ScanProgress {
  const state = JSON.parse(JSON.stringify({ scan: progress.toState() })) as { scan: ScanState };
  const saved = parseSavedScan(state);
  if (saved.kind !== 'running') return expect.fail('the state of a scan cannot be read');
  return ScanProgress.resume(saved.scan);
}

describe('the progress of a scan', () => {
  it('begins with every segment at its beginning', () => {
    const progress = new ScanProgress(3);
    expect([...progress.openSegments()]).to.deep.equal([
      { segment: 0 },
      { segment: 1 },
      { segment: 2 },
    ]);
    expect(progress.toState()).to.deep.equal({ total_segments: 3, segments: [] });
  });

  it('notes where each segment stands, in the order of their numbers', () => {
    const progress = new ScanProgress(4);
    progress.advance(3, keyOf('x'));
    progress.advance(0, keyOf('a'));
    progress.advance(1, undefined);
    progress.advance(0, keyOf('b'));
    expect(progress.toState()).to.deep.equal({
      total_segments: 4,
      segments: [
        { segment: 0, exclusive_start_key: keyOf('b'), complete: false },
        { segment: 1, complete: true },
        { segment: 3, exclusive_start_key: keyOf('x'), complete: false },
      ],
    });
  });

  it('leaves only what is not complete to a later read, behind the saved keys', () => {
    const progress = new ScanProgress(4);
    progress.advance(0, undefined);
    progress.advance(2, keyOf('m'));
    expect([...resume(progress).openSegments()]).to.deep.equal([
      { segment: 1 },
      { segment: 2, startKey: keyOf('m') },
      { segment: 3 },
    ]);
  });

  it('leaves nothing when every segment is complete', () => {
    const progress = new ScanProgress(2);
    progress.advance(0, undefined);
    progress.advance(1, undefined);
    expect([...resume(progress).openSegments()]).to.deep.equal([]);
    expect(progress.toFinishedState()).to.deep.equal({ scan_complete: true });
  });

  it('keeps the number of segments that it began with', () => {
    expect(resume(new ScanProgress(7)).totalSegments).to.equal(7);
  });

  it('reads the segments of its slice alone, and says so in its states', () => {
    const scope = { slice: { index: 1, count: 3 }, index_name: 'by-day' };
    const progress = resume(new ScanProgress(8, scope));
    expect([...progress.openSegments()].map(({ segment }) => segment)).to.deep.equal([1, 4, 7]);
    expect(progress.toState()).to.deep.include(scope);
    expect(progress.toFinishedState()).to.deep.equal({
      scan_complete: true,
      total_segments: 8,
      ...scope,
    });
  });

  it('gives every segment to one slice', () => {
    const total = fc.integer({ min: 1, max: 40 });
    fc.assert(
      fc.property(total, fc.integer({ min: 1, max: 40 }), (totalSegments, count) => {
        const slices = Array.from({ length: count }, (_, index) => ({ index, count }));
        const segments = slices.flatMap((slice) =>
          [...new ScanProgress(totalSegments, { slice }).openSegments()].map(
            ({ segment }) => segment,
          ),
        );
        const all = Array.from({ length: totalSegments }, (_, segment) => segment);
        expect(segments.sort((a, b) => a - b)).to.deep.equal(all);
      }),
    );
  });

  it('is not changed by what was saved of it, nor by what comes after', () => {
    const progress = new ScanProgress(2);
    progress.advance(0, keyOf('a'));
    const saved = JSON.stringify(progress.toState());
    const kept = progress.toState();
    progress.advance(0, undefined);
    expect(JSON.stringify(kept)).to.equal(saved);
  });

  it('is the same after any number of interruptions', () => {
    const page = fc.tuple(fc.nat({ max: 4 }), fc.option(fc.string(), { nil: undefined }));
    fc.assert(
      fc.property(fc.array(fc.tuple(page, fc.boolean())), (pages) => {
        const whole = new ScanProgress(5);
        let interrupted = new ScanProgress(5);
        for (const [[segment, key], isInterrupted] of pages) {
          const lastKey = key === undefined ? undefined : keyOf(key);
          whole.advance(segment, lastKey);
          interrupted.advance(segment, lastKey);
          if (isInterrupted) interrupted = resume(interrupted);
        }
        expect(interrupted.toState()).to.deep.equal(whole.toState());
      }),
    );
  });
});
