import { expect } from 'chai';
import { stringifyOrdered } from '../../../src/json/ordered-json.ts';

const VALUES: readonly unknown[] = [
  null,
  true,
  -1.5,
  'a "quote"\n',
  [],
  {},
  [1, [], { a: {} }],
  { a: undefined, b: [null], 'c d': { e: 'f' } },
  JSON.parse('{"__proto__":{"constructor":1}}'),
];

describe('JSON text with an order', () => {
  for (const value of VALUES) {
    it(`is that of JSON.stringify without Maps: ${JSON.stringify(value)}`, () => {
      expect(stringifyOrdered(value)).to.equal(JSON.stringify(value));
      expect(stringifyOrdered(value, '  ')).to.equal(JSON.stringify(value, null, 2));
    });
  }

  it('keeps the order of a Map, at any depth', () => {
    const inner = new Map<string, unknown>([
      ['b', 1],
      ['10', { x: undefined }],
      ['2', []],
    ]);
    const value = { list: [inner], none: new Map() };
    expect(stringifyOrdered(value)).to.equal('{"list":[{"b":1,"10":{},"2":[]}],"none":{}}');
    expect(stringifyOrdered({ inner }, ' ')).to.equal(
      '{\n "inner": {\n  "b": 1,\n  "10": {},\n  "2": []\n }\n}',
    );
  });
});
