import { expect } from 'chai';
import { ExportWait } from '../../../../src/strategies/export/export-wait.ts';

describe('waiting for exports', () => {
  it('adds up, however many there are', () => {
    let now = 1000;
    const wait = new ExportWait(() => now);
    expect(wait.figures()).to.deep.equal({ waitMs: 0, totalMs: 0 });
    wait.begin('the first');
    now += 50;
    expect(wait.figures()).to.deep.equal({ awaited: 'the first', waitMs: 50, totalMs: 50 });
    wait.end();
    now += 1000;
    expect(wait.figures()).to.deep.equal({ waitMs: 0, totalMs: 50 });
    wait.begin('the second');
    now += 7;
    expect(wait.figures()).to.deep.equal({ awaited: 'the second', waitMs: 7, totalMs: 57 });
  });
});
