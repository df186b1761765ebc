import { ScanCommand, type AttributeValue } from '@aws-sdk/client-dynamodb';
import { expect } from 'chai';
import { toDynamoDbJson } from '../support/dynamodb-json.ts';
import type { Engine } from '../support/engine.ts';
import { ENGINES } from '../support/engines.ts';
import type { Json, JsonObject } from '../support/json.ts';
import { adminClient, createTable, putItems, type Item } from '../support/seed.ts';
import { dataOf, expectRecord, requireText } from './support/expect-record.ts';
import { ODD_NAMES, STORED_NUMBERS } from './support/odd-items.ts';
import { discover, engineConfig, read } from './support/source-runs.ts';

const TABLE = 'types';
const START_TIMEOUT_MS = 60_000;

for (const { name, start } of ENGINES) {
  describe(`items of ${name}`, () => {
    let engine: Engine;
    let items: readonly Item[];

    before(async function () {
      this.timeout(START_TIMEOUT_MS);
      engine = await start();
      await createTable(engine, {
        ...{ name: TABLE, partitionKey: { name: 'pk', type: 'B' } },
        sortKey: { name: 'sort.key', type: 'N' },
      });
      const written = variedItems();
      expect(await putItems(engine, TABLE, written)).to.equal(written.length);
      items = await scanAll(engine);
    });
    after(() => engine.stop());

    for (const form of [{}, { nested: 'string' }, { numbers: 'string' }] as const) {
      it(`become records exactly: ${JSON.stringify(form)}`, async () => {
        const options: JsonObject = {
          ...('nested' in form && { nested_values: form.nested }),
          ...('numbers' in form && { number_values: form.numbers }),
        };
        const config = engineConfig(engine, { ...options, scan: { page_size: 3, segments: 3 } });
        const run = await read({ config, catalog: await discover(config) });
        expect(run.errors).to.deep.equal([]);
        expect(run.warnings, 'the catalog lists everything').to.deep.equal([]);
        const records = run.recordLines.map(dataOf);
        const bySortKey = new Map(records.map((data) => [sortKeyOf(data['sort.key']), data]));
        expect(records).to.have.length(items.length);
        expect(bySortKey.size).to.equal(items.length);
        for (const item of items) {
          const wire = toDynamoDbJson(item);
          const data = bySortKey.get(item['sort.key']?.N ?? '');
          expectRecord(inOrderOf(wire, data), wire, form);
        }
      });
    }
  });
}

/** Items that the SDK can write: it loses an attribute called `__proto__`. */
function variedItems(): readonly Item[] {
  const names = ODD_NAMES.filter((name) => name !== '__proto__');
  const bytes = Uint8Array.from({ length: 256 }, (_, byte) => byte);
  const scalars: AttributeValue[] = [
    ...[{ S: '' }, { S: 'naïve 😀 "quoted"\n\u0000' }, { B: bytes }, { BOOL: true }],
    ...[{ BOOL: false }, { NULL: true as const }, { L: [] }, { M: {} }, { SS: ['b', 'a'] }],
    ...[{ NS: ['1', '-2.5'] }, { BS: [bytes, new Uint8Array([0])] }],
  ];
  const contents: Item[] = [
    Object.fromEntries(STORED_NUMBERS.map((N, index) => [`n${index}`, { N }])),
    Object.fromEntries(names.map((attribute, index) => [attribute, { N: String(index) }])),
    Object.fromEntries(scalars.map((value, index) => [`s${index}`, value])),
    { deep: nest({ L: scalars }, 28) },
    { names: { M: Object.fromEntries(names.map((attribute) => [attribute, { S: attribute }])) } },
    { large: { S: 'x'.repeat(380_000) } },
    {},
  ];
  return contents.map((content, index) => ({
    ...content,
    pk: { B: new Uint8Array([index, 255 - index]) },
    'sort.key': { N: String(index) },
  }));
}

function nest(value: AttributeValue, levels: number): AttributeValue {
  if (levels === 0) return value;
  const inner = nest(value, levels - 1);
  return levels % 2 === 0 ? { M: { [`level ${levels}`]: inner } } : { L: [inner] };
}

async function scanAll(engine: Engine): Promise<readonly Item[]> {
  const client = adminClient(engine);
  const found: Item[] = [];
  let ExclusiveStartKey: Item | undefined;
  do {
    const page = await client.send(new ScanCommand({ TableName: TABLE, ExclusiveStartKey }));
    found.push(...(page.Items ?? []));
    ExclusiveStartKey = page.LastEvaluatedKey;
  } while (ExclusiveStartKey !== undefined);
  client.destroy();
  return found;
}

function sortKeyOf(marked: Json | undefined): string {
  return requireText(marked).replace(/^\D*/, '');
}

/** The same record with its attributes in the item's order: an engine may give another one each time. */
function inOrderOf(item: JsonObject, data: JsonObject | undefined): JsonObject {
  const names = [...Object.keys(item), ...Object.keys(data ?? {})];
  return Object.fromEntries(
    [...new Set(names)].flatMap((attribute) =>
      data !== undefined && Object.hasOwn(data, attribute)
        ? [[attribute, data[attribute] ?? null] as const]
        : [],
    ),
  );
}
