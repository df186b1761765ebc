import {
  CreateTableCommand,
  DeleteItemCommand,
  type DynamoDBClient,
  PutItemCommand,
  UpdateTableCommand,
} from '@aws-sdk/client-dynamodb';
import { expect } from 'chai';
import { PageBuffer } from '../../../src/aws/calls/page-buffer.ts';
import type { DynamoDbConnection } from '../../../src/aws/connection.ts';
import type { RawItem } from '../../../src/aws/dynamodb/attribute-value.ts';
import { parseItems } from '../../../src/aws/dynamodb/page-items.ts';
import { fetchScanPage } from '../../../src/aws/dynamodb/scan-page.ts';
import { describeTable } from '../../../src/aws/dynamodb/tables.ts';
import { fetchChanges } from '../../../src/aws/streams/change-page.ts';
import { CompactRecords } from '../../../src/aws/streams/change-records.ts';
import {
  describeStream,
  getShardIterator,
  type ShardPosition,
} from '../../../src/aws/streams/change-stream.ts';
import type { StreamsConnection } from '../../../src/aws/streams/streams-connection.ts';
import type { Engine } from '../../support/engine.ts';
import { ENGINES } from '../../support/engines.ts';
import { startFakeAws, type FakeAws } from '../../support/fake-aws.ts';
import { ChangingTable } from '../../support/fake-streams/changing-table.ts';
import { adminClient } from '../../support/seed.ts';
import { ONE_TRY, openConnection, openStreams } from '../aws/open-connection.ts';

const START_TIMEOUT_MS = 120_000;
const HOUR_MS = 3_600_000;
const NO = new AbortController().signal;

/** The streams of an engine, as the connector reads them. */
class Reader {
  readonly #connection: DynamoDbConnection;
  readonly #streams: StreamsConnection;

  private constructor(connection: DynamoDbConnection, streams: StreamsConnection) {
    this.#connection = connection;
    this.#streams = streams;
  }

  static async open(engine: Engine): Promise<Reader> {
    const connection = await openConnection(engine);
    return new Reader(connection, openStreams(engine, connection));
  }

  async arnOf(table: string): Promise<string> {
    const described = await describeTable(this.#connection, { name: table, reference: table }, NO);
    return described.changeStream?.arn ?? '';
  }

  shards(arn: string, startShardId?: string) {
    return describeStream(this.#streams, { arn, startShardId }, ONE_TRY);
  }

  iterator(arn: string, shardId: string, position: ShardPosition): Promise<string> {
    return getShardIterator(this.#streams, { arn, shardId, position }, ONE_TRY);
  }

  /** The entries behind an iterator with their items parsed, and the next iterator. */
  async fetch(iterator: string) {
    const { buffer, records, nextIterator } = await fetchChanges(
      this.#streams,
      { iterator },
      { buffer: new PageBuffer(), records: new CompactRecords() },
      NO,
    ).catch((error: unknown) => {
      throw this.#streams.classify(error, 'dynamodb:GetRecords');
    });
    const parse = (span?: { start: number; end: number }): unknown =>
      span && JSON.parse(buffer.body.toString('utf8', span.start, span.end));
    const entries = Array.from(
      records,
      ({ kind, sequenceNumber, isTtl, keys, newImage, oldImage }) => ({
        ...{ kind, sequenceNumber, isTtl, keys: parse(keys) },
        ...{ newImage: parse(newImage), oldImage: parse(oldImage) },
      }),
    );
    return { entries, nextIterator };
  }

  close(): void {
    this.#streams.close();
    this.#connection.close();
  }
}

/** What the same changes look like, whoever tells of them; sequence numbers are left out. */
async function readScenario(reader: Reader): Promise<unknown> {
  const arn = await reader.arnOf('changed');
  const { status, viewType, shards } = await reader.shards(arn);
  const [shard] = shards;
  const { id, isClosed, parentId } = shard ?? { id: '', isClosed: undefined };
  const { entries, nextIterator } = await reader.fetch(
    await reader.iterator(arn, id, { kind: 'beginning' }),
  );
  const first = entries[0]?.sequenceNumber ?? '';
  const behind = await reader.fetch(
    await reader.iterator(arn, id, { kind: 'after', sequenceNumber: first }),
  );
  const atTip = await reader.fetch(nextIterator ?? '');
  const failure = (call: Promise<unknown>): Promise<unknown> =>
    call.then(
      () => 'nothing',
      (error: unknown) => (error as { reason?: unknown }).reason,
    );
  return {
    ...{ status, viewType, isClosed, parentId, shards: shards.length },
    entries: entries.map(({ sequenceNumber, ...entry }) => ({
      ...entry,
      isNumbered: /^\d{21,40}$/.test(sequenceNumber),
    })),
    behind: behind.entries.length,
    atTip: [atTip.entries.length, typeof atTip.nextIterator],
    unknownStream: await failure(reader.shards(arn.replace('changed', 'others'))),
    unknownShard: await failure(
      reader.iterator(arn, id.replace(/.{8}$/, 'ffffffff'), { kind: 'beginning' }),
    ),
    noIterator: await failure(reader.fetch('none')),
    noNumber: await failure(reader.iterator(arn, id, { kind: 'after', sequenceNumber: '5' })),
  };
}

/** What a change stream that was disabled looks like. */
async function readDisabled(reader: Reader): Promise<unknown> {
  const arn = await reader.arnOf('changed');
  const { status, viewType, shards } = await reader.shards(arn);
  const [shard] = shards;
  const iterator = await reader.iterator(arn, shard?.id ?? '', { kind: 'beginning' });
  const { entries, nextIterator } = await reader.fetch(iterator);
  return { status, viewType, isClosed: shard?.isClosed, count: entries.length, nextIterator };
}

describe('the fake of change streams', () => {
  let now: number;
  let aws: FakeAws;
  let reader: Reader;

  beforeEach(async () => {
    now = Date.now();
    aws = await startFakeAws({ now: () => now });
    reader = await Reader.open(aws);
  });
  afterEach(() => {
    reader.close();
    return aws.stop();
  });

  function makeTable(shards = 1): ChangingTable {
    return new ChangingTable(aws, { name: 'changed', shards, now: () => now });
  }

  for (const { name, start } of ENGINES.filter((engine) => engine.name !== 'dynalite')) {
    it(`tells the same of the same changes as ${name}`, async function () {
      this.timeout(START_TIMEOUT_MS);
      const table = makeTable();
      table.put('a"b', { v: { N: '1' } });
      table.put('a"b', { v: { N: '1' } });
      table.put('a"b', { v: { N: '2' }, m: { M: { x: { L: [{ BOOL: true }] } } } });
      table.delete('a"b');
      const engine = await start();
      const other = await Reader.open(engine);
      const admin = adminClient(engine);
      try {
        await changeTheSame(admin);
        expect(await readScenario(reader)).to.deep.equal(await readScenario(other));
        table.disableStream();
        const StreamSpecification = { StreamEnabled: false };
        await admin.send(new UpdateTableCommand({ TableName: 'changed', StreamSpecification }));
        expect(await readDisabled(reader)).to.deep.equal(await readDisabled(other));
      } finally {
        admin.destroy();
        other.close();
        await engine.stop();
      }
    });
  }

  it('hands a closed shard over to its children, with its last records in its last answer', async () => {
    const table = makeTable();
    table.put('a', {});
    const [parent = ''] = table.stream.openShards;
    const children = table.stream.roll(2);
    const { shards } = await reader.shards(table.stream.arn);
    expect(shards).to.deep.equal([
      { id: parent, isClosed: true },
      ...children.map((id) => ({ id, parentId: parent, isClosed: false })),
    ]);
    const iterator = await reader.iterator(table.stream.arn, parent, { kind: 'beginning' });
    const { entries, nextIterator } = await reader.fetch(iterator);
    expect([entries.length, nextIterator]).to.deep.equal([1, undefined]);
  });

  it('keeps the changes of a key on one path of shards', async () => {
    const table = makeTable(2);
    const { stream } = table;
    const shardOf = async (): Promise<string> => {
      for (const id of stream.openShards) {
        const iterator = await reader.iterator(stream.arn, id, { kind: 'beginning' });
        if ((await reader.fetch(iterator)).entries.length > 0) return id;
      }
      return '';
    };
    table.put('a', { v: { N: '1' } });
    const parent = await shardOf();
    const children = stream.roll(2, [parent]);
    table.put('a', { v: { N: '2' } });
    expect(await shardOf()).to.be.oneOf(children);
  });

  it('has each item scanned once, though others come and go', async () => {
    const names = Array.from({ length: 40 }, (_, index) => `k${index}`);
    const items = Object.fromEntries(names.map((name) => [name, {}]));
    const table = new ChangingTable(aws, { name: 'changed', now: () => now, items, pageSize: 3 });
    const seen: string[] = [];
    const connection = await openConnection(aws);
    for (const segment of [0, 1]) {
      let exclusiveStartKey: RawItem | undefined;
      do {
        const request = { table: 'changed', segment, totalSegments: 2, consistentRead: true };
        const page = await fetchScanPage(
          connection,
          { ...request, ...(exclusiveStartKey && { exclusiveStartKey }) },
          new PageBuffer(),
          NO,
        );
        const last = parseItems(page).map(({ pk }) => (pk as { S: string }).S);
        seen.push(...last);
        // The start key of the next page among them.
        for (const name of last) table.delete(name);
        table.put(`new${seen.length}`, {});
        exclusiveStartKey = page.lastEvaluatedKey;
      } while (exclusiveStartKey !== undefined);
    }
    connection.close();
    expect(seen.filter((name) => name.startsWith('k')).sort()).to.deep.equal(names.sort());
  });

  it('describes itself ten times a second', async () => {
    const { stream } = makeTable();
    for (let count = 0; count < 10; count++) await reader.shards(stream.arn);
    expect(await reader.shards(stream.arn).catch(reasonOf)).to.equal('throttled');
    now += 1000;
    expect((await reader.shards(stream.arn)).shards).to.have.length(1);
  });

  it('may be read by others, and answer nothing though records follow', async () => {
    const table = makeTable();
    const { stream } = table;
    const [shard = ''] = stream.openShards;
    table.put('a', {});
    const iterator = await reader.iterator(stream.arn, shard, { kind: 'beginning' });
    stream.crowd(shard, 1);
    expect(await reader.fetch(iterator).catch(reasonOf)).to.equal('throttled');
    stream.stall(shard, 1);
    const { entries, nextIterator = '' } = await reader.fetch(iterator);
    expect(entries).to.deep.equal([]);
    expect((await reader.fetch(nextIterator)).entries).to.have.length(1);
  });

  it('answers 1 MB or 1,000 records at a time', async () => {
    const table = makeTable();
    const { stream } = table;
    const [shard = ''] = stream.openShards;
    const sizes: number[] = [];
    for (let count = 0; count < 3; count++) table.put(`big${count}`, { v: { S: 'x'.repeat(4e5) } });
    for (let count = 0; count < 1200; count++) table.put(`small${count}`, {});
    let next = await reader.iterator(stream.arn, shard, { kind: 'beginning' });
    for (;;) {
      const { entries, nextIterator = '' } = await reader.fetch(next);
      if (entries.length === 0) break;
      sizes.push(entries.length);
      next = nextIterator;
    }
    expect(sizes).to.deep.equal([2, 1000, 201]);
  });

  it('lists 700 shards in pages of 100', async () => {
    const { stream } = makeTable(700);
    const ids = new Set<string>();
    let last: string | undefined;
    let pages = 0;
    do {
      const page = await reader.shards(stream.arn, last);
      for (const { id } of page.shards) ids.add(id);
      last = page.lastShardId;
      pages++;
    } while (last !== undefined);
    expect([ids.size, pages]).to.deep.equal([700, 7]);
  });

  it('trims records after a day, and has iterators expire after a quarter of an hour', async () => {
    const table = makeTable();
    const { stream } = table;
    const [shard = ''] = stream.openShards;
    table.put('a', {});
    const begin = await reader.iterator(stream.arn, shard, { kind: 'beginning' });
    const { entries } = await reader.fetch(begin);
    const sequenceNumber = entries[0]?.sequenceNumber ?? '';
    now += HOUR_MS / 4 + 1;
    expect(await reader.fetch(begin).catch(reasonOf)).to.equal('stale');
    now += 24 * HOUR_MS;
    table.put('b', {});
    const after = { kind: 'after', sequenceNumber } as const;
    expect(await reader.iterator(stream.arn, shard, after).catch(reasonOf)).to.equal(
      'position lost',
    );
    const left = await reader.fetch(
      await reader.iterator(stream.arn, shard, { kind: 'beginning' }),
    );
    expect(left.entries.map(({ keys }) => keys)).to.deep.equal([{ pk: { S: 'b' } }]);
    stream.roll();
    // A shard without records goes too.
    stream.roll();
    now += 24 * HOUR_MS + 1;
    const { shards } = await reader.shards(stream.arn);
    expect(shards.map(({ id }) => id)).to.deep.equal(stream.openShards);
  });

  it('may list a shard that no iterator is to be had of, and may not list one', async () => {
    const { stream } = makeTable();
    const [first = ''] = stream.openShards;
    const [child = ''] = stream.roll();
    stream.reveal(child, { listedFrom: Infinity });
    expect((await reader.shards(stream.arn)).shards).to.have.length(1);
    stream.reveal(first, { knownFrom: Infinity });
    expect(
      await reader.iterator(stream.arn, first, { kind: 'beginning' }).catch(reasonOf),
    ).to.equal('missing');
  });

  it('can be read to its end once it is disabled, and stays when the table has another', async () => {
    const table = makeTable();
    table.put('a', {});
    const { arn, openShards } = table.stream;
    table.renewStream();
    expect(await reader.arnOf('changed'))
      .to.equal(table.stream.arn)
      .and.not.to.equal(arn);
    expect((await reader.shards(arn)).status).to.equal('DISABLED');
    const iterator = await reader.iterator(arn, openShards[0] ?? '', { kind: 'beginning' });
    const { entries, nextIterator } = await reader.fetch(iterator);
    expect([entries.length, nextIterator]).to.deep.equal([1, undefined]);
  });
});

function reasonOf(error: unknown): unknown {
  return (error as { reason?: unknown }).reason;
}

async function changeTheSame(admin: DynamoDBClient): Promise<void> {
  const TableName = 'changed';
  await admin.send(
    new CreateTableCommand({
      TableName,
      BillingMode: 'PAY_PER_REQUEST',
      KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' }],
      AttributeDefinitions: [{ AttributeName: 'pk', AttributeType: 'S' }],
      StreamSpecification: { StreamEnabled: true, StreamViewType: 'NEW_AND_OLD_IMAGES' },
    }),
  );
  const pk = { S: 'a"b' };
  const m = { M: { x: { L: [{ BOOL: true }] } } };
  for (const Item of [
    { pk, v: { N: '1' } },
    { pk, v: { N: '1' } },
    { pk, v: { N: '2' }, m },
  ]) {
    await admin.send(new PutItemCommand({ TableName, Item }));
  }
  await admin.send(new DeleteItemCommand({ TableName, Key: { pk } }));
}
