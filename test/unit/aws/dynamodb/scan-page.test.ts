import { expect } from 'chai';
import fc from 'fast-check';
import { PageBuffer } from '../../../../src/aws/calls/page-buffer.ts';
import { cutOutItems } from '../../../../src/aws/dynamodb/scan-page.ts';
import { SystemError, TransientError } from '../../../../src/errors.ts';
import { itemOf, stringToken, wireNames } from '../../records/item-arbitraries.ts';

function gather(body: string | Buffer): PageBuffer {
  const buffer = new PageBuffer();
  buffer.start(0);
  buffer.append(Buffer.from(body));
  return buffer;
}

/** The items as they were cut out, and what was read of the rest. */
function cut(body: string) {
  const { buffer, itemsStart, itemsEnd, ...rest } = cutOutItems(gather(body));
  return { items: buffer.body.toString('utf8', itemsStart, itemsEnd + 1), ...rest };
}

const ITEMS = '[{"pk":{"S":"a"}},{"pk":{"S":"]"},"l":{"L":[{"N":"1"}]}}]';

describe('cutting out the items of a page', () => {
  it('finds the items and reads the rest', () => {
    const body = `{"ConsumedCapacity":{"CapacityUnits":12.5,"TableName":"t"},"Count":2,"Items":${ITEMS},"LastEvaluatedKey":{"pk":{"S":"b"}},"ScannedCount":2}`;
    expect(cut(body)).to.deep.include({
      items: ITEMS,
      lastEvaluatedKey: { pk: { S: 'b' } },
      consumedReadUnits: 12.5,
    });
  });

  it('finds items alone, first and last', () => {
    for (const body of [
      `{"Items":${ITEMS}}`,
      `{"Items":${ITEMS},"Count":2}`,
      `{"Count":2,"Items":${ITEMS}}`,
    ]) {
      const { items, lastEvaluatedKey, consumedReadUnits } = cut(body);
      expect({ items, lastEvaluatedKey, consumedReadUnits }).to.deep.equal({
        items: ITEMS,
        lastEvaluatedKey: undefined,
        consumedReadUnits: undefined,
      });
    }
  });

  it('finds no items', () => {
    const key = { pk: { S: 'b' } };
    const body = `{"Count":0,"Items":[],"LastEvaluatedKey":${JSON.stringify(key)}}`;
    expect(cut(body)).to.deep.include({ items: '[]', lastEvaluatedKey: key });
  });

  it('finds the same items and key in any order of the members, whatever strings say', () => {
    const response = wireNames.chain((names) =>
      fc.record({
        items: fc.array(itemOf(names), { maxLength: 3 }).map((items) => `[${items.join(',')}]`),
        keys: fc.array(fc.tuple(fc.constantFrom(...names), stringToken), {
          minLength: 1,
          maxLength: 2,
        }),
        order: fc.shuffledSubarray([0, 1, 2, 3, 4], { minLength: 5 }),
      }),
    );
    fc.assert(
      fc.property(response, ({ items, keys, order }) => {
        const key = `{${keys.map(([{ token }, value]) => `${token}:{"S":${value}}`).join(',')}}`;
        const members = [
          `"Items":${items}`,
          `"LastEvaluatedKey":${key}`,
          ...['"Count":3', '"ScannedCount":3', '"ConsumedCapacity":{"CapacityUnits":1.0}'],
        ];
        const page = cut(`{${order.map((index) => members[index]).join(',')}}`);
        expect(page.items).to.equal(items);
        expect(page.consumedReadUnits).to.equal(1);
        expect(JSON.stringify(page.lastEvaluatedKey)).to.equal(JSON.stringify(JSON.parse(key)));
      }),
      { numRuns: 1000 },
    );
  });

  for (const [name, text] of [
    ['brackets', ']]]'],
    ['the beginning of items', '"Items":['],
    ['the end of items', '],"Count":1}'],
    ['the end of items and a new member', '],"a":{"S":"'],
    ['escapes', '\\"Items\\":[]'],
    ['a member in quotes', ':1,"b'],
  ] as const) {
    it(`is not deceived by ${name} in keys, names and values`, () => {
      const quoted = JSON.stringify(text);
      const key = `{${quoted}:{"S":${quoted}},"sk":{"S":${quoted}},"],":{"S":":1"}}`;
      const items = `[{${quoted}:{"S":${quoted}},"l":{"L":[{"S":${quoted}}]}}]`;
      for (const members of [
        [`"Items":${items}`, `"LastEvaluatedKey":${key}`],
        [`"LastEvaluatedKey":${key}`, `"Items":${items}`],
      ]) {
        const page = cut(`{"Count":1,${members.join(',')},"ScannedCount":1}`);
        expect(page.items).to.equal(items);
        expect(page.lastEvaluatedKey).to.deep.equal(JSON.parse(key));
      }
    });
  }

  it('keeps a key attribute called __proto__', () => {
    const { lastEvaluatedKey } = cut(
      `{"Items":${ITEMS},"LastEvaluatedKey":{"__proto__":{"S":"x"}}}`,
    );
    expect(JSON.stringify(lastEvaluatedKey)).to.equal('{"__proto__":{"S":"x"}}');
  });

  it('takes an absent key or null for the end, and nothing else', () => {
    expect(cut(`{"Items":${ITEMS}}`).lastEvaluatedKey).to.equal(undefined);
    expect(cut(`{"Items":${ITEMS},"LastEvaluatedKey":null}`).lastEvaluatedKey).to.equal(undefined);
    for (const key of [
      ...['0', '""', 'false', '"pk"', '{}', '{"pk":"a"}', '{"pk":null}'],
      ...['{"pk":{}}', '{"pk":{"S":1}}', '{"pk":{"BOOL":true}}', '{"pk":{"M":{}}}'],
      ...['{"pk":{"S":"a","N":"1"}}', '{"pk":{"S":"a"},"sk":{}}', '{"pk":{"SS":"a"}}'],
    ]) {
      const body = `{"Items":${ITEMS},"LastEvaluatedKey":${key}}`;
      expect(() => cut(body), key).to.throw(SystemError, 'that is not a key');
    }
  });

  it('passes over figures that are none', () => {
    for (const units of ['"1"', '1e999', 'null']) {
      const body = `{"Items":${ITEMS},"ScannedCount":null,"ConsumedCapacity":{"CapacityUnits":${units}}}`;
      expect(cut(body)).to.deep.equal({ items: ITEMS });
    }
    expect(cut(`{"Items":${ITEMS},"ConsumedCapacity":null}`)).to.deep.equal({ items: ITEMS });
  });

  it('refuses a count that is no number, as it would not be compared', () => {
    for (const count of ['"2"', 'null', '[2]']) {
      expect(() => cut(`{"Count":${count},"Items":[]}`), count).to.throw(SystemError);
    }
  });

  it('refuses what stands around the items when it is no UTF-8 or no object', () => {
    const key = Buffer.from('"LastEvaluatedKey":{"pk":{"S":"k?"}}');
    key[key.indexOf('?')] = 0xff;
    const items = Buffer.from(`"Items":${ITEMS}`);
    const [open, comma, close] = [Buffer.from('{'), Buffer.from(','), Buffer.from('}')];
    for (const body of [
      Buffer.concat([open, items, comma, key, close]),
      Buffer.concat([open, key, comma, items, close]),
      Buffer.from(`5,"Items":${ITEMS}`),
      Buffer.from(`null,"Items":${ITEMS}`),
      Buffer.from(`[{"Items":${ITEMS}}]`),
    ]) {
      expect(() => cutOutItems(gather(body)), body.toString()).to.throw(TransientError);
    }
  });

  it('takes the blanks out of a body that has them', () => {
    const items = [{ pk: { S: 'a  b' } }, { pk: { S: ' "Items": [ ' } }];
    for (const indent of [1, '\t']) {
      const body = JSON.stringify({ Count: 2, Items: items, ScannedCount: 2 }, null, indent);
      expect(cut(body).items).to.equal(JSON.stringify(items));
    }
  });

  it('refuses a body without items, or one that is cut off', () => {
    const bodies = [
      '',
      '{}',
      '{"Count":0}',
      '[]',
      'null',
      '<html>',
      '{"Items":{}}',
      '{"Items":null}',
    ];
    for (const body of [...bodies, '{"Items":[', '{"Items":[{"a":{"S":"x"}}', '{"Items":[],']) {
      expect(() => cut(body), body).to.throw(TransientError);
    }
  });

  it('gives up on a cut-off response at once, however many brackets it holds', () => {
    const body = `{"Items":[${'{"a":{"L":[]},"b":{"S":"x"}},'.repeat(36_000)}`;
    const startedAt = performance.now();
    expect(() => cut(body)).to.throw(TransientError, /cut off/);
    // Trying every bracket takes minutes.
    expect(performance.now() - startedAt).to.be.below(5000);
  });

  it('never takes a cut-off body for one without a next page', () => {
    const body = `{"Items":${ITEMS},"Count":2,"LastEvaluatedKey":{"pk":{"S":"x]y"}}}`;
    for (let length = 0; length < body.length; length++) {
      const attempt = () => cut(body.slice(0, length));
      try {
        // What is left of the items is not what the transcoder takes for items.
        expect(attempt().items).not.to.equal(ITEMS);
      } catch (error) {
        expect(error).to.be.instanceOf(TransientError);
      }
    }
  });
});
