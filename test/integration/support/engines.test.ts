import { ListTablesCommand, ScanCommand } from '@aws-sdk/client-dynamodb';
import { expect } from 'chai';
import type { Engine } from '../../support/engine.ts';
import { ENGINES } from '../../support/engines.ts';
import { adminClient, createTable, putItems } from '../../support/seed.ts';

const LIST = { L: [{ NULL: true as const }, { B: new Uint8Array([0, 255]) }] };

for (const { name, start } of ENGINES) {
  describe(`seeding ${name}`, () => {
    let engine: Engine;
    before(async () => {
      engine = await start();
    });
    after(() => engine.stop());

    it('writes every item of more than one batch', async () => {
      const table = `seeded-${name.replace(' ', '-')}`;
      await createTable(engine, {
        ...{ name: table, partitionKey: { name: 'pk', type: 'S' } },
        sortKey: { name: 'sk', type: 'N' },
      });
      const items = Array.from({ length: 260 }, (_, n) => ({
        pk: { S: `p${n % 3}` },
        sk: { N: String(n) },
        list: LIST,
      }));
      expect(await putItems(engine, table, items)).to.equal(260);

      const client = adminClient(engine);
      const { Items = [] } = await client.send(new ScanCommand({ TableName: table }));
      const { TableNames } = await client.send(new ListTablesCommand({}));
      client.destroy();
      const numbers = Items.map((item) => Number(item.sk?.N)).sort((a, b) => a - b);
      expect(numbers).to.deep.equal(items.map((_, n) => n));
      expect(Items[0]?.list).to.deep.equal(LIST);
      expect(TableNames).to.deep.equal([table]);
    });

    it('answers no more once it is stopped', async () => {
      const stopped = await start();
      await stopped.stop();
      expect(await fetch(stopped.endpoint).then(String, String)).to.include('fetch failed');
    });
  });
}
