import { expect } from 'chai';
import {
  awsError,
  rawReply,
  startFakeAws,
  successBytes,
  type FakeAws,
  type Handler,
} from '../support/fake-aws.ts';
import type { Message } from '../support/messages.ts';
import { expectFailedStream, type ExpectedFailure } from './support/expect-failure.ts';
import {
  isEachOnce,
  numberedCatalog,
  numberedStream,
  numberedTable,
  numbersBeforeLastState,
  numbersIn,
} from './support/numbered-table.ts';
import { engineConfig, read } from './support/source-runs.ts';

const ITEM_COUNT = 600;
const PAGE_SIZE = 20;
/** The page that fails, counted over all segments. */
const BAD_PAGE = 10;
const PAGE_MS = 60;

interface Case extends ExpectedFailure {
  readonly name: string;
  readonly reply: ReturnType<Handler>;
}

const item = (text: string) => successBytes(Buffer.from(`{"Count":1,"Items":[${text}]}`));
const damaged = { failureType: 'system_error', says: [/dynamodb/i] } as const;

const CASES: readonly Case[] = [
  {
    name: 'permission is taken away',
    reply: awsError('AccessDeniedException', 'User: u is not authorized'),
    failureType: 'config_error',
    says: ['not allowed to call dynamodb:Scan on t'],
  },
  {
    name: 'the table is deleted',
    reply: awsError('ResourceNotFoundException', 'Requested resource not found'),
    failureType: 'config_error',
    says: ['The table t does not exist'],
  },
  {
    name: 'an item is no DynamoDB JSON',
    reply: item('{"pk":{"S":"a"},"n":{"N":"1"}},{"pk":{"X":"a"}}'),
    ...damaged,
  },
  { name: 'a number is none', reply: item('{"pk":{"S":"a"},"n":{"N":"Infinity"}}'), ...damaged },
  { name: 'a text is no UTF-8', reply: successBytes(invalidUtf8()), ...damaged },
  {
    name: 'a page has fewer items than it says',
    reply: successBytes(Buffer.from('{"Count":2,"Items":[{"pk":{"S":"a"},"n":{"N":"1"}}]}')),
    failureType: 'system_error',
    says: ['has 1 items, but its count is 2'],
  },
  {
    name: 'a page ends at a key that is none',
    reply: successBytes(Buffer.from('{"Count":0,"Items":[],"LastEvaluatedKey":""}')),
    failureType: 'system_error',
    says: ['a LastEvaluatedKey that is not a key'],
  },
];

describe('a stream that breaks off in the middle', () => {
  let aws: FakeAws;
  let scan: Handler;

  beforeEach(async () => {
    const tables = [numberedTable('t', ITEM_COUNT, PAGE_SIZE), numberedTable('u', 10, 10)];
    aws = await startFakeAws({ tables });
    scan = aws.handler('Scan');
  });
  afterEach(() => aws.stop());

  for (const { name, reply, ...expected } of CASES) {
    it(`because ${name} has a state of what it wrote, and the others go on`, async () => {
      let pages = 0;
      aws.on('Scan', (input, request) => {
        const isBad = input.TableName === 't' && ++pages >= BAD_PAGE;
        return isBad ? reply : scan(input, request);
      });
      const catalog = { streams: [numberedStream('t'), numberedStream('u')] };
      const run = await read({ config: engineConfig(aws), catalog });
      expectFailedStream(run, 't', expected);
      expect(run.statuses('u').at(-1)).to.equal('COMPLETE');
      const before = run.messages.filter((m) => isOf(m, 't'));
      expect(before.filter((m) => m.type === 'RECORD').length).to.be.within(1, ITEM_COUNT - 1);
      expect(before.at(-1)?.type, 'the last word is a state').to.equal('STATE');

      aws.on('Scan', scan);
      const rest = await read({ config: engineConfig(aws), catalog, state: run.statesOf('t') });
      expect(rest.exitCode, rest.text).to.equal(0);
      const covered = before.flatMap((m) => (m.type === 'RECORD' ? [Number(m.record.data.n)] : []));
      const others = rest.messages.flatMap((m) =>
        m.type === 'RECORD' && m.record.stream === 't' ? [Number(m.record.data.n)] : [],
      );
      expect(isEachOnce([...covered, ...others], ITEM_COUNT)).to.equal(true);
    });
  }

  it('is read to its end when an answer is no page, which is asked for again', async () => {
    let left = 3;
    aws.on('Scan', (input, request) =>
      left-- > 0 ? rawReply(200, '{"Count":0}') : scan(input, request),
    );
    const catalog = { streams: [numberedStream('t')] };
    const run = await read({ config: engineConfig(aws), catalog });
    expect(run.exitCode, run.text).to.equal(0);
    expect(isEachOnce(numbersIn(run), ITEM_COUNT)).to.equal(true);
    expect(left).to.be.below(0);
  });

  it('is read to its end over empty pages, which are not the end', async () => {
    const skipped = new Set<string>();
    aws.on('Scan', (input, request) => {
      const { ExclusiveStartKey: key, Segment } = input;
      const place = JSON.stringify([Segment, key]);
      // The first time that a key is given it is given back with nothing, as when a filter took all items.
      if (key === undefined || skipped.has(place)) return scan(input, request);
      skipped.add(place);
      const body = `{"Count":0,"Items":[],"LastEvaluatedKey":${JSON.stringify(key)},"ScannedCount":5}`;
      return successBytes(Buffer.from(body));
    });
    const run = await read({ config: engineConfig(aws), catalog: numberedCatalog('t') });
    expect(run.exitCode, run.text).to.equal(0);
    expect(skipped.size).to.be.above(10);
    expect(isEachOnce(numbersIn(run), ITEM_COUNT)).to.equal(true);
  });

  it('has states in between when the interval is a second', async () => {
    aws.slowDown('Scan', PAGE_MS);
    const startedAt = performance.now();
    const config = engineConfig(aws, {
      ...{ scan: { segments: 1 }, checkpoint_target_interval_seconds: 1 },
    });
    const run = await read({ config, catalog: numberedCatalog('t') });
    const seconds = (performance.now() - startedAt) / 1000;
    expect(run.exitCode).to.equal(0);
    const states = run.statesOf('t');
    expect(states.length).to.be.within(2, Math.ceil(seconds) + 1);
    const counted = states.map((state) => state.sourceStats?.recordCount ?? 0);
    expect(counted.reduce((sum, count) => sum + count)).to.equal(ITEM_COUNT);
    expect(numbersBeforeLastState(run)).to.have.length(ITEM_COUNT);
  });
});

/** Whether a message is a record or a state of a stream. */
function isOf(message: Message, stream: string): boolean {
  if (message.type === 'RECORD') return message.record.stream === stream;
  return message.type === 'STATE' && message.state.stream.stream_descriptor.name === stream;
}

function invalidUtf8(): Buffer {
  const body = Buffer.from('{"Count":1,"Items":[{"pk":{"S":"aXb"},"n":{"N":"1"}}]}');
  body[body.indexOf('X')] = 0xff;
  return body;
}
