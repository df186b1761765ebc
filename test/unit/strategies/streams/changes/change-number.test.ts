import { expect } from 'chai';
import {
  belowBase,
  chooseBase,
  numberChange,
} from '../../../../../src/strategies/streams/changes/change-number.ts';
import { isGap } from '../../../../../src/strategies/streams/gaps/gap-rule.ts';

const HOUR = 3_600_000;

describe('the number of a change', () => {
  it('begins above the second of its snapshot and above all that was saved before', () => {
    expect(chooseBase(1_795_697_000_001)).to.equal(1_795_697_002_000_000);
    expect(chooseBase(1_795_697_000_000)).to.equal(1_795_697_001_000_000);
    expect(chooseBase(1_795_697_000_000, 1_795_697_009_000_000)).to.equal(1_795_697_009_000_002);
  });

  it('leaves room for deletes between a base and all that was saved before', () => {
    const largest = 1_795_697_009_000_000;
    expect(belowBase(chooseBase(1_795_697_000_000, largest))).to.equal(largest + 1);
  });

  it('is its second, or one above the change before it when that is more', () => {
    expect(numberChange(1000, 5)).to.equal(1_000_000_000);
    expect(numberChange(1000, 1_000_000_000)).to.equal(1_000_000_001);
    expect(numberChange(1000, 2_000_000_000)).to.equal(2_000_000_001);
  });
});

describe('a gap', () => {
  it('may be there once everything was read nearly a day ago', () => {
    expect(isGap(0, 12 * HOUR)).to.equal(false);
    expect(isGap(0, 23.75 * HOUR - 1)).to.equal(false);
    expect(isGap(0, 23.75 * HOUR)).to.equal(true);
  });
});
