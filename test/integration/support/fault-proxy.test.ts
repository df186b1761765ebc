import { DynamoDBClient, ScanCommand } from '@aws-sdk/client-dynamodb';
import { expect } from 'chai';
import { once } from 'node:events';
import { Agent, request, type IncomingMessage } from 'node:http';
import { crc32 } from 'node:zlib';
import { startFakeAws, success, type FakeAws } from '../../support/fake-aws.ts';
import {
  atRandom,
  startFaultProxy,
  type Fault,
  type FaultProxy,
} from '../../support/fault-proxy.ts';

// Requests that are written by hand are not signed.
const UNVERIFIED = {
  accessKeyId: 'AKIAUNVERIFIED000000',
  arn: 'arn:aws:iam::123456789012:user/raw',
};

const TEXT = 'x'.repeat(200_000);

interface Answer {
  readonly status: number;
  readonly type: string | undefined;
  readonly expectedBytes: number;
  readonly crc: string;
  readonly body: Buffer;
  /** The code of what broke the answer off. */
  readonly broken: string | undefined;
}

describe('the fault proxy', () => {
  let aws: FakeAws;
  let proxy: FaultProxy;

  beforeEach(async () => {
    aws = await startFakeAws();
    aws.addPrincipal(UNVERIFIED);
    aws.on('ListTables', () => success({ TableNames: [TEXT] }));
    proxy = await startFaultProxy(aws, { seed: 7 });
  });

  afterEach(async () => {
    await proxy.stop();
    await aws.stop();
  });

  /** Asks for the list of tables on a connection of its own and takes whatever comes. */
  async function ask(fault: Fault): Promise<Answer> {
    proxy.choose(() => fault);
    const sent = request(proxy.endpoint, {
      method: 'POST',
      agent: new Agent(),
      headers: {
        'x-amz-target': 'DynamoDB_20120810.ListTables',
        authorization: `AWS4-HMAC-SHA256 Credential=${UNVERIFIED.accessKeyId}/20300101/us-east-1/dynamodb/aws4_request`,
      },
    });
    // What breaks the answer off is told by the answer; some Nodes tell it of the request as well.
    sent.on('error', () => undefined);
    sent.end('{}');
    const [answer] = (await once(sent, 'response')) as [IncomingMessage];
    const chunks: Buffer[] = [];
    let broken: string | undefined;
    try {
      for await (const chunk of answer) chunks.push(chunk as Buffer);
    } catch (error) {
      broken = codeOf(error);
    }
    return {
      status: answer.statusCode ?? 0,
      type: answer.headers['content-type'],
      expectedBytes: Number(answer.headers['content-length']),
      crc: String(answer.headers['x-amz-crc32']),
      ...{ body: Buffer.concat(chunks), broken },
    };
  }

  function codeOf(error: unknown): string {
    return error instanceof Error && 'code' in error ? String(error.code) : String(error);
  }

  const WHOLE = Buffer.from(JSON.stringify({ TableNames: [TEXT] }));

  for (const fault of [{ kind: 'pass' }, { kind: 'delay', ms: 30 }] as const) {
    it(`gives the engine's answer for ${fault.kind}`, async () => {
      const start = performance.now();
      const { body, crc, status } = await ask(fault);
      expect(body.equals(WHOLE)).to.equal(true);
      expect([crc, status]).to.deep.equal([String(crc32(WHOLE)), 200]);
      // A timer may fire a millisecond early.
      if (fault.kind === 'delay') expect(performance.now() - start).to.be.at.least(fault.ms - 1);
    });
  }

  it('resets before the answer without asking the engine', async () => {
    expect(await ask({ kind: 'reset' }).catch(codeOf)).to.equal('ECONNRESET');
    expect(aws.requests).to.have.length(0);
  });

  for (const kind of ['reset-in-body', 'half-close'] as const) {
    it(`breaks off in the middle of the body for ${kind}`, async () => {
      const { status, expectedBytes, body, broken } = await ask({ kind });
      expect([status, expectedBytes, broken]).to.deep.equal([200, WHOLE.length, 'ECONNRESET']);
      expect(body.length).to.be.lessThan(WHOLE.length);
      expect(body.equals(WHOLE.subarray(0, body.length))).to.equal(true);
    });
  }

  it('truncates to an answer that is well-formed HTTP', async () => {
    const { body, expectedBytes, broken, crc } = await ask({ kind: 'truncate' });
    expect([expectedBytes, broken]).to.deep.equal([body.length, undefined]);
    expect(body.length).to.be.within(WHOLE.length * 0.1, WHOLE.length * 0.9);
    expect(crc).to.equal(String(crc32(WHOLE)));
  });

  it('corrupts exactly one byte', async () => {
    const { body, broken, crc } = await ask({ kind: 'corrupt' });
    const changed = [...body.keys()].filter((index) => body[index] !== WHOLE[index]);
    expect([body.length, broken, changed.length]).to.deep.equal([WHOLE.length, undefined, 1]);
    expect(crc).to.equal(String(crc32(WHOLE)));
  });

  for (const [status, format, type] of [
    [500, 'json', 'application/x-amz-json-1.0'],
    [503, 'json', 'application/x-amz-json-1.0'],
    [500, 'html', 'text/html'],
    [503, 'html', 'text/html'],
  ] as const) {
    it(`answers ${status} in ${format}`, async () => {
      const answer = await ask({ kind: 'server-error', status, format });
      expect([answer.status, answer.type]).to.deep.equal([status, type]);
    });
  }

  it('throttles with reasons', async () => {
    const reasons = [{ reason: 'TableReadProvisionedThroughputExceeded', resource: 'arn' }];
    const name = 'ProvisionedThroughputExceededException';
    const { body, status } = await ask({ kind: 'throttle', name, reasons });
    expect(status).to.equal(400);
    expect(JSON.parse(body.toString())).to.deep.include({
      __type: `com.amazonaws.dynamodb.v20120810#${name}`,
      ThrottlingReasons: reasons,
    });
  });

  it('hangs until it is stopped', async () => {
    const other = await startFaultProxy(aws, { seed: 1 });
    let arrived: () => void = () => undefined;
    const arrival = new Promise<void>((resolve) => (arrived = resolve));
    other.choose(() => {
      arrived();
      return { kind: 'hang' };
    });
    const answer = fetch(other.endpoint, { method: 'POST', body: '{}' }).then(String, String);
    await arrival;
    await other.stop();
    expect(await answer).to.include('fetch failed');
    expect(aws.requests).to.have.length(0);
  });

  it('lets a client that tries again read a whole table, the same way for the same seed', async () => {
    const items = Array.from({ length: 100 }, (_, n) => `{"pk":{"S":"p${n}"}}`);
    aws.addTable({ name: 't', partitionKey: { name: 'pk', type: 'S' }, items, pageSize: 2 });
    const faults = atRandom(0.3, [
      ...([{ kind: 'reset' }, { kind: 'half-close' }, { kind: 'truncate' }] as const),
      { kind: 'server-error', status: 503, format: 'html' },
      { kind: 'throttle', name: 'ThrottlingException' },
    ]);
    const counts: unknown[] = [];
    for (const seed of [3, 3]) {
      const seeded = await startFaultProxy(aws, { seed, choose: faults });
      expect(await scanAll(seeded)).to.deep.equal(items);
      expect(seeded.upstreamFailures).to.deep.equal([]);
      counts.push([...seeded.counts]);
      await seeded.stop();
    }
    expect(counts[0]).to.have.lengthOf.at.least(5);
    expect(counts[1]).to.deep.equal(counts[0]);
  });

  /** Reads every item, asking again after each fault. */
  async function scanAll(engine: FaultProxy): Promise<readonly string[]> {
    const { endpoint, region } = engine;
    const client = new DynamoDBClient({ endpoint, region, credentials: engine, maxAttempts: 1 });
    const found: string[] = [];
    let ExclusiveStartKey: ScanCommand['input']['ExclusiveStartKey'];
    for (;;) {
      const command = new ScanCommand({ TableName: 't', ExclusiveStartKey });
      const page = await client.send(command).catch(() => undefined);
      if (page === undefined) continue;
      found.push(...(page.Items ?? []).map((item) => JSON.stringify(item)));
      ExclusiveStartKey = page.LastEvaluatedKey;
      if (ExclusiveStartKey !== undefined) continue;
      client.destroy();
      return found;
    }
  }
});
