import { expect } from 'chai';
import { setTimeout as delay } from 'node:timers/promises';
import type { ConnectorRun } from '../support/connector.ts';
import { awsError, startFakeAws, type FakeAws } from '../support/fake-aws.ts';
import { isEachOnce, numberedCatalog, numberedTable, numbersIn } from './support/numbered-table.ts';
import { engineConfig, read } from './support/source-runs.ts';

const ITEMS = 100;
/** The SDK makes three attempts by itself, so this many answers are two failures that the connector sees. */
const THROTTLED_ANSWERS = 6;
/** Enough of them to outlast the SDK's own attempts. */
const SLOW_ITEMS = 1600;
const PAGE_MS = 20;
/** The shortest that the second pause can be: a second, less what chance takes away. */
const SECOND_PAUSE_MS = 500;
/** In this time the failure is known, and what was asked for before it has arrived. */
const UNDER_WAY_MS = 150;

/** Statuses with the reasons that they give. */
function statusesWithReasons(run: ConnectorRun): readonly string[] {
  return run.traces.flatMap((trace) => {
    if (trace.type !== 'STREAM_STATUS') return [];
    const { status, reasons = [] } = trace.stream_status;
    return [[status, ...reasons.map((reason) => reason.type as string)].join(' ')];
  });
}

describe('a throttled scan', () => {
  let aws: FakeAws;
  let onThrottle: () => void;
  beforeEach(async () => {
    onThrottle = () => undefined;
    aws = await startFakeAws({ tables: [numberedTable('t', ITEMS, 5)] });
  });
  afterEach(() => aws.stop());

  function throttle(name: string, reason: string, fits: (segment: unknown) => boolean): void {
    const scan = aws.handler('Scan');
    let left = THROTTLED_ANSWERS;
    aws.on('Scan', (input, request) => {
      if (!fits(input.Segment) || left === 0) return scan(input, request);
      left--;
      onThrottle();
      const throttlingReasons = [{ reason, resource: 'arn:aws:dynamodb:us-east-1:1:table/t' }];
      return awsError(name, 'Too much', { throttlingReasons });
    });
  }

  const readTable = (segments: number): Promise<ConnectorRun> =>
    read({ config: engineConfig(aws, { scan: { segments } }), catalog: numberedCatalog('t') });

  it('waits, says so to the platform, and reads every item once', async () => {
    throttle(
      'ProvisionedThroughputExceededException',
      'TableReadProvisionedThroughputExceeded',
      () => true,
    );
    const run = await readTable(1);
    expect(run.exitCode).to.equal(0);
    expect(isEachOnce(numbersIn(run), ITEMS)).to.equal(true);
    expect(statusesWithReasons(run)).to.deep.equal([
      'STARTED',
      'RUNNING',
      'RUNNING RATE_LIMITED',
      'RUNNING',
      'COMPLETE',
    ]);
    expect(run.warnings.filter((warning) => warning.includes('throttling'))).to.have.length(2);
  });

  it('goes on with the other segments while a key range is hot', async () => {
    throttle(
      'ThrottlingException',
      'TableReadKeyRangeThroughputExceeded',
      (segment) => segment === 1,
    );
    const run = await readTable(4);
    expect(run.exitCode).to.equal(0);
    expect(isEachOnce(numbersIn(run), ITEMS)).to.equal(true);
    const segments = aws.requestsTo('Scan').map(({ input }) => input.Segment);
    const lastOfOthers = segments.findLastIndex((segment) => segment !== 1);
    const successesOfHot = segments.slice(lastOfOthers).filter((segment) => segment === 1);
    expect(successesOfHot.length, 'pages of the hot segment after all others').to.be.at.least(5);
  });

  const SCOPES = [
    ['slows every segment down', 'RequestLimitExceeded', 'TableReadAccountLimitExceeded', true],
    ['lets others go on', 'ThrottlingException', 'TableReadKeyRangeThroughputExceeded', false],
  ] as const;
  for (const [name, exception, reason, isHeld] of SCOPES) {
    it(`${name} while ${reason} is why one of them is throttled`, async () => {
      aws.addTable(numberedTable('t', SLOW_ITEMS, 1));
      const times = slowDown();
      throttle(exception, reason, (segment) => segment === 1);
      const run = await readTable(4);
      expect(isEachOnce(numbersIn(run), SLOW_ITEMS)).to.equal(true);
      expect(times.throttled).to.have.length(THROTTLED_ANSWERS);
      const failedAt = times.throttled[THROTTLED_ANSWERS - 1] ?? 0;
      const from = failedAt + UNDER_WAY_MS;
      const inPause = times.answered.filter((at) => at > from && at < failedAt + SECOND_PAUSE_MS);
      if (isHeld) expect(inPause).to.deep.equal([]);
      else expect(inPause).to.not.deep.equal([]);
    });
  }

  /** Has pages take their time, and notes when each was asked for. */
  function slowDown(): { readonly answered: number[]; readonly throttled: number[] } {
    const times = { answered: [] as number[], throttled: [] as number[] };
    const scan = aws.handler('Scan');
    aws.on('Scan', async (input, request) => {
      times.answered.push(performance.now());
      await delay(PAGE_MS);
      return scan(input, request);
    });
    onThrottle = () => times.throttled.push(performance.now());
    return times;
  }
});
