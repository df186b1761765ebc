import { Agent } from 'node:https';
import { expect } from 'chai';
import { PassThrough } from 'node:stream';
import { text } from 'node:stream/consumers';
import { parseConfig } from '../../../src/config/parse-config.ts';
import type { DynamoDbConnection } from '../../../src/aws/connection.ts';
import { ReadMonitor } from '../../../src/monitoring/read-monitor.ts';
import { parseConfiguredCatalog } from '../../../src/protocol/configured-catalog.ts';
import { parseInputState } from '../../../src/protocol/input-state.ts';
import { MessageWriter } from '../../../src/protocol/message-writer.ts';
import { Redactor } from '../../../src/protocol/redactor.ts';
import { readStreams } from '../../../src/source/read-streams.ts';
import { numberedStream, numberedTable } from '../../e2e/support/numbered-table.ts';
import { awsError, type FakeAws, type Reply, startFakeAws } from '../../support/fake-aws.ts';
import { gatherLog } from '../../unit/source/gather-log.ts';
import { openConnection } from '../aws/open-connection.ts';

// In the order in which they are read; the config leaves one out.
const EXCLUDED = 'excluded';
const NAMES = ['a', EXCLUDED, 'b', 'c', 'd', 'e', 'f', 'g'];
const DENIED = awsError('AccessDeniedException', 'User: u is not authorized');
const THROTTLED = awsError('ThrottlingException', 'Slow down.');
const OUTAGE = awsError('InternalServerError', 'Oops.', { status: 500 });
// Longer than the first pause, so that a failing call is made twice at least.
const PATIENCE_MS = 700;

describe('reading streams through an outage', () => {
  let aws: FakeAws;
  let connection: DynamoDbConnection;

  beforeEach(async () => {
    aws = await startFakeAws({ tables: NAMES.map((name) => numberedTable(name, 10, 10)) });
    connection = await openConnection(aws);
  });
  afterEach(() => {
    connection.close();
    return aws.stop();
  });

  /** Reads all tables; gives the messages and the log, a line each. */
  async function readAll(): Promise<{ messages: string; log: readonly string[] }> {
    const output = new PassThrough();
    const written = text(output);
    const [logger, redactor] = [gatherLog(), new Redactor()];
    const monitor = new ReadMonitor({
      logger,
      redactor,
      stdout: output,
      stderr: output,
      env: {},
      createAgent: (options) => new Agent(options),
    });
    const signal = new AbortController().signal;
    await readStreams({
      config: parseConfig({
        region: aws.region,
        credentials: { auth_type: 'Role' },
        exclude_tables: [EXCLUDED],
        concurrent_streams: 1,
      }),
      connection,
      logger,
      monitor,
      patience: { patienceMs: PATIENCE_MS, signal, onRetry: () => undefined },
      writer: new MessageWriter(output, redactor),
      streams: parseConfiguredCatalog({ streams: NAMES.map((name) => numberedStream(name)) }),
      state: parseInputState(undefined),
    });
    await monitor.close();
    output.end();
    return { messages: await written, log: logger.lines };
  }

  function requestsFor(name: string): number {
    return aws.requestsTo('DescribeTable').filter(({ input }) => input.TableName === name).length;
  }

  it('waits for its end with one stream, and with the others only after an answer', async () => {
    const describeTable = aws.handler('DescribeTable');
    const first =
      (reply: Reply) =>
      (count: number): Reply | undefined =>
        count === 1 ? reply : undefined;
    const answers: Readonly<Record<string, (count: number) => Reply | undefined>> = {
      a: () => OUTAGE,
      b: () => OUTAGE,
      c: () => DENIED,
      d: first(OUTAGE),
      e: () => OUTAGE,
      f: first(THROTTLED),
      g: first(OUTAGE),
    };
    aws.on('DescribeTable', (input, request) => {
      const name = input.TableName as string;
      return answers[name]?.(requestsFor(name)) ?? describeTable(input, request);
    });
    const { messages, log } = await readAll();
    const complete = NAMES.filter((name) =>
      messages.includes(`{"name":"${name}"},"status":"COMPLETE"`),
    );
    expect(complete).to.deep.equal(['d', 'f', 'g']);
    const requests = NAMES.map((name) => requestsFor(name));
    const [a, excluded, b, c, d, e, f, g] = requests;
    expect([excluded, b, c, d, f, g]).to.deep.equal([0, 1, 1, 2, 2, 2]);
    for (const waited of [a, e]) expect(waited).to.be.at.least(2);
    // Name, records, MB, read units, duration, throttles, retries.
    expect(
      log.filter((line) => /^INFO d +10 +\S+ [KM]B +\S+ +\S+ s +0 +1 /.test(line)),
    ).to.have.length(1);
  }).timeout(60_000);
});
