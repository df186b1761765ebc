import { expect } from 'chai';
import { parseTableSelection } from '../../../src/config/table-selection.ts';
import { ConfigError } from '../../../src/errors.ts';

const REGION = 'eu-central-1';
const ARN = `arn:aws:dynamodb:${REGION}:123456789012:table/orders`;

describe('a table selection', () => {
  it('without tables asks for the list and takes everything', () => {
    const selection = parseTableSelection([], [], REGION);
    expect(selection.needsListing).to.equal(true);
    expect(selection.named).to.deep.equal([]);
    expect(selection.matchesListed('anything')).to.equal(true);
  });

  it('of names and ARNs alone never asks for the list, and takes nothing from it', () => {
    const selection = parseTableSelection(['users', ARN], [], REGION);
    expect(selection.needsListing).to.equal(false);
    expect(selection.named).to.deep.equal([
      { name: 'users', reference: 'users' },
      { name: 'orders', reference: ARN },
    ]);
    expect(selection.matchesListed('users')).to.equal(false);
  });

  it('with a glob asks for the list and takes what matches', () => {
    const selection = parseTableSelection(['users', 'events-*'], [], REGION);
    expect(selection.needsListing).to.equal(true);
    expect(selection.named).to.deep.equal([{ name: 'users', reference: 'users' }]);
    expect(selection.matchesListed('events-1')).to.equal(true);
    expect(selection.matchesListed('users')).to.equal(false);
  });

  it('leaves out what is excluded, by name or glob, however it was chosen', () => {
    const exclude = ['orders', 'tmp-*'];
    const named = parseTableSelection(['users', 'tmp-1', ARN], exclude, REGION);
    expect(named.named).to.deep.equal([{ name: 'users', reference: 'users' }]);
    const all = parseTableSelection([], exclude, REGION);
    expect(['users', 'orders', 'tmp-2'].map(all.matchesListed)).to.deep.equal([true, false, false]);
    const globs = parseTableSelection(['*s'], exclude, REGION);
    expect(['users', 'orders'].map(globs.matchesListed)).to.deep.equal([true, false]);
  });

  it('takes a table that is named twice once', () => {
    const selection = parseTableSelection(['users', 'users', ARN, ARN], [], REGION);
    expect(selection.named.map(({ reference }) => reference)).to.deep.equal(['users', ARN]);
  });

  it('takes ARNs of every partition', () => {
    for (const partition of ['aws', 'aws-cn', 'aws-us-gov', 'aws-iso-b']) {
      const arn = `arn:${partition}:dynamodb:${REGION}:123456789012:table/a.b-c_D`;
      const { named } = parseTableSelection([arn], [], REGION);
      expect(named).to.deep.equal([{ name: 'a.b-c_D', reference: arn }]);
    }
  });

  it('refuses an ARN of another region and says where it lies', () => {
    const arn = 'arn:aws:dynamodb:us-east-1:123456789012:table/orders';
    const parse = () => parseTableSelection([arn], [], REGION);
    expect(parse).to.throw(
      ConfigError,
      /in "tables" is in us-east-1, but "region" is eu-central-1/,
    );
  });

  it('refuses two tables of one name', () => {
    const other = `arn:aws:dynamodb:${REGION}:210987654321:table/orders`;
    for (const tables of [
      ['orders', ARN],
      [ARN, other],
    ]) {
      const parse = () => parseTableSelection(tables, [], REGION);
      expect(parse).to.throw(ConfigError, /two tables named orders/);
    }
  });

  it('leaves out a table by its ARN, however it was chosen', () => {
    expect(parseTableSelection([], [ARN], REGION).matchesListed('orders')).to.equal(false);
    for (const tables of [['orders'], [ARN]]) {
      expect(parseTableSelection(tables, [ARN], REGION).named).to.deep.equal([]);
    }
  });

  it('leaves in the table of another account than that of the ARN', () => {
    const other = ARN.replace('123456789012', '210987654321');
    const named = parseTableSelection([other], [ARN], REGION);
    expect(named.named.map(({ reference }) => reference)).to.deep.equal([other]);
    expect(named.findUnused([])).to.have.lengthOf(1);
    const beside = parseTableSelection([other, '*'], [other], REGION);
    expect(beside.named).to.deep.equal([]);
    expect(beside.matchesListed('orders')).to.equal(true);
  });

  it('names the globs and exclusions that match no table', () => {
    const tables = ['users', 'ord*', 'custmers-*'];
    const exclude = ['users', 'order?', 'Users', 'tmp-*', ARN];
    const { findUnused } = parseTableSelection(tables, exclude, REGION);
    expect(findUnused(['orders', 'events'])).to.deep.equal([
      '"tables" names custmers-*, but no table matches it.',
      '"exclude_tables" names Users, but no table matches it, so it leaves nothing out.',
      '"exclude_tables" names tmp-*, but no table matches it, so it leaves nothing out.',
    ]);
  });

  it('takes two tables of one name when both are left out', () => {
    expect(parseTableSelection(['orders', ARN], ['orders'], REGION).named).to.deep.equal([]);
  });

  for (const entry of [
    ...['ab', 'a b', 'orders/1', 'a'.repeat(256), 'ördörs', 'orders,users', '[orders]'],
    ...[
      'arn:aws:dynamodb:eu-central-1:12345:table/orders',
      'arn:aws:s3:::bucket',
      `${ARN}/index/i`,
    ],
  ]) {
    it(`refuses ${JSON.stringify(entry.slice(0, 60))}`, () => {
      expect(() => parseTableSelection(['users', entry], [], REGION)).to.throw(
        ConfigError,
        `"tables" contains ${JSON.stringify(entry)}`,
      );
    });
  }
});
