import { expect } from 'chai';
import { createServer, type Server } from 'node:net';
import type { ConnectorRun } from '../support/connector.ts';
import { awsError, startFakeAws, type FakeAws } from '../support/fake-aws.ts';
import type { JsonObject } from '../support/json.ts';
import { listenLocally } from '../support/listen.ts';
import { expectFailedCheck } from './support/expect-failure.ts';
import { numberedCatalog, numberedTable } from './support/numbered-table.ts';
import { engineConfig, read, roleCredentials, runCommand } from './support/source-runs.ts';

/** A check of what does not answer gives its answer in this time. */
const LONGEST_CHECK_MS = 60_000;

interface Case {
  readonly name: string;
  readonly says: readonly (string | RegExp)[];
}

const CASES = {
  refused: {
    name: 'an endpoint that refuses connections',
    says: [/No answer from http:\/\/127\.0\.0\.1:\d+ \(ECONNREFUSED\)/, '"endpoint"', '"region"'],
  },
  unresolved: {
    name: 'an endpoint whose name does not resolve',
    says: [/No answer from http:\/\/dynamodb\.invalid \((ENOTFOUND|EAI_AGAIN)\)/, 'DNS'],
  },
  silent: {
    name: 'an endpoint that accepts connections and never answers',
    says: [/No answer from http:\/\/127\.0\.0\.1:\d+/],
  },
  silentSts: {
    name: 'an STS that accepts connections and never answers',
    says: [/No answer from http:\/\/127\.0\.0\.1:\d+ \(ETIMEDOUT\)/, '"sts_endpoint"'],
  },
  throttled: {
    name: 'a table that is throttled all the time',
    says: ['DynamoDB kept throttling', 'read capacity'],
  },
  failing: {
    name: 'a service that fails all the time',
    says: ['AWS kept failing', 'try again later'],
  },
} as const satisfies Readonly<Record<string, Case>>;

// Each of them takes as long as the patience of check, so they wait side by side.
describe('check of what does not work now', () => {
  const checks = new Map<string, Promise<{ run: ConnectorRun; elapsedMs: number }>>();
  const servers: FakeAws[] = [];
  let silent: Server;

  before(async () => {
    silent = createServer(() => undefined);
    const [throttled, failing] = await Promise.all([startFakeAws(), startFakeAws()]);
    servers.push(throttled, failing);
    throttled.addTable(numberedTable('t', 10, 10));
    throttled.on('Scan', () => awsError('ThrottlingException', 'Rate exceeded'));
    failing.on('ListTables', () => awsError('InternalServerError', 'No', { status: 500 }));
    const closed = await startFakeAws();
    await closed.stop();
    const silentPort = await listenLocally(silent);
    check('refused', closed);
    check('unresolved', { ...closed, endpoint: 'http://dynamodb.invalid' });
    const silentEndpoint = `http://127.0.0.1:${silentPort}`;
    check('silent', { ...closed, endpoint: silentEndpoint });
    check('silentSts', closed, {
      sts_endpoint: silentEndpoint,
      credentials: roleCredentials(closed),
    });
    check('throttled', throttled);
    check('failing', failing);
  });

  after(async () => {
    silent.close();
    await Promise.all(servers.map((server) => server.stop()));
  });

  function check(name: keyof typeof CASES, engine: FakeAws, options: JsonObject = {}): void {
    const startedAt = performance.now();
    const run = runCommand('check', engineConfig(engine, options));
    checks.set(
      name,
      run.then((finished) => ({ run: finished, elapsedMs: performance.now() - startedAt })),
    );
  }

  for (const [key, { name, says }] of Object.entries(CASES)) {
    it(`says FAILED for ${name}, within a minute`, async () => {
      const checked = await checks.get(key);
      if (checked === undefined) throw new Error(`${key} was not started`);
      expect(checked.elapsedMs).to.be.below(LONGEST_CHECK_MS);
      expectFailedCheck(checked.run, { failureType: 'transient_error', says });
    }).timeout(LONGEST_CHECK_MS + 10_000);
  }
});

describe('an endpoint on this very machine at which nothing listens', () => {
  it('is given up on after seconds, not after the minutes of an outage', async () => {
    const closed = await startFakeAws();
    await closed.stop();
    const catalog = numberedCatalog('t');
    const run = await read({ config: engineConfig(closed), catalog });
    expect(run.exitCode).to.equal(1);
    expect(run.errors.map((error) => error.failure_type)).to.deep.equal(['transient_error']);
    const pauses = run.warnings.flatMap((warning) => {
      const [, seconds] = /again in (\d+\.\d) s/.exec(warning) ?? [];
      return seconds === undefined ? [] : [Number(seconds)];
    });
    expect(pauses.reduce((sum, pause) => sum + pause, 0)).to.be.within(0.5, 5);
  });
});
