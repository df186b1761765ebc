import { expect } from 'chai';
import {
  addLowerBound,
  addToProjection,
  buildExpressions,
} from '../../../../src/aws/dynamodb/scan-expressions.ts';

const KEYS = ['pk', 'sk'];

describe('the expressions of a scan', () => {
  it('are none without a filter and a projection', () => {
    expect(buildExpressions({ keys: KEYS })).to.deep.equal({});
  });

  it('project the keys first, and each attribute once behind an alias', () => {
    expect(buildExpressions({ keys: KEYS, projection: ['status', 'sk', 'a.b-c'] })).to.deep.equal({
      projectionExpression: '#p0,#p1,#p2,#p3',
      expressionAttributeNames: { '#p0': 'pk', '#p1': 'sk', '#p2': 'status', '#p3': 'a.b-c' },
    });
  });

  it('pass a filter on with its names and values', () => {
    const filter = { expression: '#a = :b', names: { '#a': 'x' }, values: { ':b': { N: '1' } } };
    expect(buildExpressions({ keys: KEYS, filter })).to.deep.equal({
      filterExpression: '#a = :b',
      expressionAttributeNames: { '#a': 'x' },
      expressionAttributeValues: { ':b': { N: '1' } },
    });
  });

  it('leave out what a filter has none of, for DynamoDB refuses it empty', () => {
    const filter = { expression: 'attribute_exists(a)', names: {}, values: {} };
    expect(buildExpressions({ keys: KEYS, filter })).to.deep.equal({
      filterExpression: 'attribute_exists(a)',
    });
  });

  it('hold a bound for a cursor beside the filter, by aliases that this leaves free', () => {
    const filter = {
      expression: '#c0 = :c0 OR a = b',
      names: { '#c0': 'x' },
      values: { ':c0': { S: 'y' } },
    };
    const bound = { path: ['meta', 'a.b'], value: { N: '5' } };
    expect(addLowerBound(buildExpressions({ keys: KEYS, filter }), bound)).to.deep.equal({
      filterExpression: '(#c0 = :c0 OR a = b) AND #c1.#c2 >= :c1',
      expressionAttributeNames: { '#c0': 'x', '#c1': 'meta', '#c2': 'a.b' },
      expressionAttributeValues: { ':c0': { S: 'y' }, ':c1': { N: '5' } },
    });
    expect(addLowerBound({}, bound)).to.deep.equal({
      filterExpression: '#c0.#c1 >= :c0',
      expressionAttributeNames: { '#c0': 'meta', '#c1': 'a.b' },
      expressionAttributeValues: { ':c0': { N: '5' } },
    });
  });

  it('take one more attribute into a projection', () => {
    const target = buildExpressions({ keys: ['pk'], projection: ['a'] });
    expect(addToProjection(target, 'meta')).to.deep.equal({
      projectionExpression: '#p0,#p1,#p2',
      expressionAttributeNames: { '#p0': 'pk', '#p1': 'a', '#p2': 'meta' },
    });
  });

  it('give aliases that the filter has not taken', () => {
    const filter = { expression: '#p1 = #p0', names: { '#p1': 'x', '#p0': 'y' }, values: {} };
    const { expressionAttributeNames } = buildExpressions({
      keys: ['pk'],
      projection: ['a'],
      filter,
    });
    expect(expressionAttributeNames).to.deep.equal({
      ...{ '#p0': 'y', '#p1': 'x' },
      ...{ '#p2': 'pk', '#p3': 'a' },
    });
  });
});
