import { expect } from 'chai';
import type { DynamoDbConnection } from '../../../../src/aws/connection.ts';
import { describeTable, listTableNames } from '../../../../src/aws/dynamodb/tables.ts';
import type { Engine } from '../../../support/engine.ts';
import { ENGINES } from '../../../support/engines.ts';
import { createTable } from '../../../support/seed.ts';
import { ONE_TRY, openConnection } from '../open-connection.ts';

const TABLE_COUNT = 105;
const START_TIMEOUT_MS = 120_000;
const NO = new AbortController().signal;

for (const { name, start } of ENGINES) {
  describe(`tables of ${name}`, () => {
    let engine: Engine;
    let connection: DynamoDbConnection;
    const names = Array.from({ length: TABLE_COUNT }, (_, n) => `table.${100 + n}_-`);

    before(async function () {
      this.timeout(START_TIMEOUT_MS);
      engine = await start();
      connection = await openConnection(engine);
      await Promise.all(
        names.map((table) =>
          createTable(engine, {
            ...{ name: table, partitionKey: { name: 'z"key', type: 'B' } },
            sortKey: { name: 'a.key', type: 'N' },
          }),
        ),
      );
    });
    after(() => {
      connection.close();
      return engine.stop();
    });

    it(`are listed over several pages, ${TABLE_COUNT} of them`, async () => {
      const listed: string[] = [];
      for await (const table of listTableNames(connection, ONE_TRY)) listed.push(table);
      expect(listed.sort()).to.deep.equal(names);
    });

    it('are described with the whole key, partition key first', async () => {
      const [table = ''] = names;
      const described = await describeTable(connection, { name: table, reference: table }, NO);
      expect(described.keys).to.deep.equal([
        { name: 'z"key', type: 'B' },
        { name: 'a.key', type: 'N' },
      ]);
      expect(described).to.include({ name: table, reference: table, status: 'ACTIVE' });
      expect([described.itemCount, described.sizeBytes]).to.deep.equal([0, 0]);
    });
  });
}
