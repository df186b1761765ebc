import { expect } from 'chai';
import type { ConnectorRun } from '../support/connector.ts';
import { awsError, startFakeAws, type FakeAws } from '../support/fake-aws.ts';
import { isEachOnce, numberedCatalog, numberedTable, numbersIn } from './support/numbered-table.ts';
import { engineConfig, read } from './support/source-runs.ts';

const ITEMS = 100;
/** The SDK makes three attempts by itself, so this many answers are two failures that the connector sees. */
const THROTTLED_ANSWERS = 6;
/** Enough pages to outlast all pauses. */
const SLOW_ITEMS = 2000;
const PAGE_MS = 5;
/** Pages that other segments ask for before the failure is known, and when the pause of all is over. */
const MOST_PAGES_BESIDE = 9;

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
    // Of the six pauses, the last two take long enough to be told of: the fifth not always.
    const told = run.warnings.filter((warning) => warning.includes('throttling'));
    expect(told).to.have.length.within(1, 2);
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
      aws.slowDown('Scan', PAGE_MS);
      let throttled = 0;
      let askedWhenThrottled = 0;
      onThrottle = () => {
        throttled++;
        askedWhenThrottled = aws.requestsTo('Scan').length;
      };
      throttle(exception, reason, (segment) => segment === 1);
      const run = await readTable(4);
      expect(isEachOnce(numbersIn(run), SLOW_ITEMS)).to.equal(true);
      expect(throttled).to.equal(THROTTLED_ANSWERS);
      const after = aws.requestsTo('Scan').slice(askedWhenThrottled);
      const inPause = after.findIndex(({ input }) => input.Segment === 1);
      if (isHeld) expect(inPause).to.be.within(0, MOST_PAGES_BESIDE);
      else expect(inPause).to.be.above(MOST_PAGES_BESIDE);
    });
  }
});
