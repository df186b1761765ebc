import { expect } from 'chai';
import { parseTablePattern } from '../../../src/config/table-pattern.ts';
import { ConfigError } from '../../../src/errors.ts';

const REGION = 'us-east-1';
const ARN = `arn:aws:dynamodb:${REGION}:123456789012:table/orders`;

function matches(entry: string, name: string, arn?: string): boolean {
  return parseTablePattern(entry, 'tables', REGION).matches(name, arn);
}

describe('an entry that stands for tables', () => {
  it('is a name, a glob or an ARN', () => {
    expect([matches('orders', 'orders'), matches('orders', 'Orders')]).to.deep.equal([true, false]);
    expect([matches('o*s', 'orders'), matches('o?s', 'orders')]).to.deep.equal([true, false]);
    expect([matches(ARN, 'orders'), matches(ARN, 'order')]).to.deep.equal([true, false]);
  });

  it('means no other ARN when it is one itself', () => {
    const other = ARN.replace('123456789012', '210987654321');
    expect(matches(ARN, 'orders', ARN)).to.equal(true);
    expect(matches(ARN, 'orders', other)).to.equal(false);
  });

  it('may be the ARN of DynamoDB Local, whatever the region', () => {
    expect(matches('arn:aws:dynamodb:ddblocal:000000000000:table/orders', 'orders')).to.equal(true);
  });

  for (const entry of ['^card.*', 'card-%', 'a b*', 'ab', `${ARN}*`, `${ARN}/index/by-status`]) {
    it(`cannot be ${entry}`, () => {
      const parse = () => parseTablePattern(entry, 'exclude_tables', REGION);
      expect(parse).to.throw(ConfigError, `"exclude_tables" contains ${JSON.stringify(entry)}`);
    });
  }

  it('cannot be an ARN of another region', () => {
    const parse = () => parseTablePattern(ARN, 'exclude_tables', 'eu-west-1');
    expect(parse).to.throw(ConfigError, /in "exclude_tables" is in us-east-1/);
  });
});
