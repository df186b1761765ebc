import {
  CreateTableCommand,
  DeleteItemCommand,
  DynamoDBClient,
  PutItemCommand,
  ScanCommand,
} from '@aws-sdk/client-dynamodb';
import { expect } from 'chai';
import { setTimeout as delay } from 'node:timers/promises';
import { createDestinations, type ModelRow } from '../support/change-model/destinations.ts';
import type { ConnectorRun } from '../support/connector.ts';
import { findDynamoDbLocal, startDynamoDbLocal } from '../support/dynamodb-local-engine.ts';
import type { Engine } from '../support/engine.ts';
import type { StatePayload } from '../support/messages.ts';
import { type Random, seededRandom } from '../support/seeded-random.ts';
import { discover, engineConfig, runCommand, read, startRead } from './support/source-runs.ts';

const TABLE = 'changing';
const METHOD = { replication_method: { method: 'Streams' } };
/** How often the connector is killed. */
const KILLS = Number(process.env.KILL_ROUNDS ?? 12);
const LONGEST_LIFE_MS = 1500;
const TIMEOUT_MS = 240_000 + KILLS * 10_000;

// Only DynamoDB Local has change streams of its own; the histories in test/unit are about all the rest.
if (findDynamoDbLocal() !== undefined) {
  describe('change capture from DynamoDB Local', () => {
    let engine: Engine;
    let client: DynamoDBClient;

    before(async () => {
      engine = await startDynamoDbLocal();
      const { endpoint, region, accessKeyId, secretAccessKey } = engine;
      client = new DynamoDBClient({
        ...{ endpoint, region },
        credentials: { accessKeyId, secretAccessKey },
      });
      await createTable(client, TABLE, true);
      await createTable(client, 'without', false);
    }).timeout(90_000);
    after(() => {
      client.destroy();
      return engine.stop();
    });

    it('is offered for tables with a change stream, and not for others', async () => {
      const { catalog, logs } = await runCommand('discover', engineConfig(engine, METHOD));
      const [changing, without] = catalog?.streams ?? [];
      expect(changing).to.deep.include({
        supported_sync_modes: ['full_refresh', 'incremental'],
        source_defined_cursor: true,
        default_cursor_field: ['_ab_cdc_cursor'],
      });
      expect(changing?.json_schema.properties).to.include.keys('_ab_cdc_deleted_at', 'pk');
      expect(without?.supported_sync_modes).to.deep.equal(['full_refresh']);
      expect(without?.json_schema.properties).to.have.keys('pk');
      expect(logs.map(({ message }) => message).join()).to.include('aws dynamodb update-table');
      const check = await runCommand('check', engineConfig(engine, METHOD));
      expect(check.connectionStatus?.status, check.text).to.equal('SUCCEEDED');
    }).timeout(60_000);

    it(`ends with what the table holds, over ${KILLS} SIGKILLs and a writer`, async () => {
      const random = seededRandom(31);
      const config = engineConfig(engine, { ...METHOD, checkpoint_target_interval_seconds: 0 });
      await write(client, random, 40);
      const catalog = await discover(config, { syncMode: 'incremental', streams: [TABLE] });
      const destinations = createDestinations();
      let state: StatePayload | undefined;
      const take = (run: ConnectorRun): void => {
        for (const row of run.records(TABLE)) {
          for (const destination of destinations) destination.take(row as unknown as ModelRow);
        }
        state = run.states.at(-1) ?? state;
      };
      for (let kills = 0; kills < KILLS; kills++) {
        const running = await startRead({ config, catalog, ...(state && { state: [state] }) });
        const writing = write(client, random, 10);
        await delay(random() * LONGEST_LIFE_MS);
        running.kill('SIGKILL');
        take(await running.done);
        await writing;
      }
      const last = await read({ config, catalog, ...(state && { state: [state] }) });
      expect(last.exitCode, last.text.slice(-2000)).to.equal(0);
      take(last);
      const expected = await scan(client);
      expect(expected.size).to.be.above(3);
      for (const { name, rows } of destinations) {
        expect([...rows].sort(), name).to.deep.equal([...expected].sort());
      }
    }).timeout(TIMEOUT_MS);
  });
}

async function createTable(
  client: DynamoDBClient,
  name: string,
  isChanging: boolean,
): Promise<void> {
  await client.send(
    new CreateTableCommand({
      TableName: name,
      AttributeDefinitions: [{ AttributeName: 'pk', AttributeType: 'S' }],
      KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' }],
      BillingMode: 'PAY_PER_REQUEST',
      ...(isChanging && {
        StreamSpecification: { StreamEnabled: true, StreamViewType: 'NEW_AND_OLD_IMAGES' },
      }),
    }),
  );
}

/** Puts and deletes items of a few keys. */
async function write(client: DynamoDBClient, random: Random, count: number): Promise<void> {
  for (let index = 0; index < count; index++) {
    const pk = { S: `k${Math.floor(random() * 12)}` };
    await (random() < 0.35
      ? client.send(new DeleteItemCommand({ TableName: TABLE, Key: { pk } }))
      : client.send(
          new PutItemCommand({
            TableName: TABLE,
            Item: { pk, v: { N: String(Math.floor(random() * 1e9)) } },
          }),
        ));
  }
}

async function scan(client: DynamoDBClient): Promise<ReadonlyMap<string, number>> {
  const { Items = [] } = await client.send(
    new ScanCommand({ TableName: TABLE, ConsistentRead: true }),
  );
  return new Map(Items.map(({ pk, v }) => [pk?.S ?? '', Number(v?.N)]));
}
