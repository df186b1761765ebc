import { expect } from 'chai';
import type { UnlistedAttribute } from '../../../src/records/transcoder.ts';
import { reportUnlisted } from '../../../src/source/unlisted-report.ts';
import { gatherLog } from './gather-log.ts';

function report(
  attributes: readonly UnlistedAttribute[],
  isEmitted = false,
  unnamedValues = 0,
): readonly string[] {
  const log = gatherLog();
  reportUnlisted('orders', { attributes, unnamedValues }, isEmitted, log);
  return log.lines;
}

const UNLISTED = { name: 'note "x"\n', isListed: false, valuesByType: { S: 5, NULL: 2 } };
const MISTYPED = { name: 'price', isListed: true, valuesByType: { S: 1 } };

describe('the report of what the catalog does not list', () => {
  it('says nothing when there is nothing', () => {
    expect(report([])).to.deep.equal([]);
  });

  it('says nothing of what DynamoDB keeps in the items of a global table for itself', () => {
    const own = { name: 'aws:rep:updateregion', isListed: false, valuesByType: { S: 9 } };
    expect(report([own])).to.deep.equal([]);
  });

  it('names attributes that were left out, with their types and counts', () => {
    const [line, ...others] = report([UNLISTED]);
    expect(others).to.deep.equal([]);
    expect(line).to.match(/^WARN orders: 1 attributes? /);
    expect(line).to.include('left out');
    expect(line).to.include(String.raw`"note \"x\"\n" (5 S, 2 NULL)`);
  });

  it('says when they were emitted all the same', () => {
    const [line] = report([UNLISTED], true);
    expect(line).to.include('emitted').and.not.include('left out');
  });

  it('names types that are not listed apart from attributes that are not', () => {
    const lines = report([MISTYPED, UNLISTED]);
    expect(lines).to.have.lengthOf(2);
    expect(lines[0]).to.include('note').and.not.include('price');
    expect(lines[1]).to.include('"price" (1 S)').and.not.include('note');
    expect(lines[1]).to.include('emitted as they are');
  });

  it('names those first of which most values came', () => {
    const few = { ...UNLISTED, name: 'few', valuesByType: { S: 1, N: 1 } };
    const many = { ...UNLISTED, name: 'many', valuesByType: { N: 3 } };
    const [line = ''] = report([few, many]);
    expect(line.indexOf('"many"')).to.be.within(0, line.indexOf('"few"'));
  });

  it('shortens names that nobody would read', () => {
    const [line = ''] = report([{ ...UNLISTED, name: 'x'.repeat(60_000) }]);
    expect(line.length).to.be.below(1000);
  });

  it('names fifty, and the number of the others', () => {
    const many = Array.from({ length: 53 }, (_, index) => ({ ...UNLISTED, name: `a${index}` }));
    const [line = ''] = report(many);
    expect(line).to.include('53 attributes').and.include('"a49" (').and.include('and 3 more');
    expect(line).not.to.include('"a50"');
  });

  it('says that there are more than it names, and how many values of those came', () => {
    const [line = '', ...others] = report(
      [UNLISTED, MISTYPED, { ...UNLISTED, name: 'b' }],
      false,
      3000,
    );
    expect(line).to.include('orders: more than 2 attributes are not in the configured catalog');
    expect(line).to.include(
      ', and 3,000 values of further attributes that there was no room to name.',
    );
    expect(others).to.have.lengthOf(1);
    expect(others[0]).to.include('"price" (1 S)').and.not.include('room');
  });

  it('says how many values came of one attribute that it cannot name', () => {
    const [line = '', ...others] = report([UNLISTED], false, 1);
    expect(others).to.deep.equal([]);
    expect(line).to.include(', and 1 value of further attributes that there was no room to name.');
  });

  it('names none when the room was taken by what the catalog lists', () => {
    expect(report([], false, 2)).to.deep.equal([
      "WARN orders: attributes are not in the configured catalog and were left out: 2 values of further attributes that there was no room to name. To have them in the catalog, refresh the source's schema.",
    ]);
  });
});
