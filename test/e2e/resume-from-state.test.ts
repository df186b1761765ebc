import { expect } from 'chai';
import type { ConnectorRun } from '../support/connector.ts';
import { startFakeAws, type FakeAws } from '../support/fake-aws.ts';
import { mapInParallel } from './support/map-in-parallel.ts';
import {
  isEachOnce,
  numberedCatalog,
  numberedStream,
  numberedTable,
  numbersIn,
} from './support/numbered-table.ts';
import { engineConfig, read } from './support/source-runs.ts';

const ITEM_COUNT = 120;
const PAGE_SIZE = 9;
const SEGMENTS = 3;
const MANY_SEGMENTS = 2000;
/** Of states that are written after every page. */
const CHEAP_STATE_BYTES = 16 * 1024;
const EVERY_STATE_TIMEOUT_MS = 120_000;
const RUNS_AT_A_TIME = 3;

describe('a resumed read', () => {
  let aws: FakeAws;
  let whole: ConnectorRun;

  before(async () => {
    aws = await startFakeAws({ tables: [numberedTable('t', ITEM_COUNT, PAGE_SIZE)] });
    whole = await read({ config: config(), catalog: numberedCatalog('t') });
  });
  after(() => aws.stop());

  function config(segments = SEGMENTS) {
    return engineConfig(aws, { checkpoint_target_interval_seconds: 0, scan: { segments } });
  }

  it('has a state after every page when the interval is 0', () => {
    expect(whole.statesOf('t').length).to.be.at.least(ITEM_COUNT / PAGE_SIZE);
    expect(isEachOnce(numbersIn(whole), ITEM_COUNT)).to.equal(true);
  });

  it('weighs its states against its records when there are thousands of segments', async () => {
    const items = MANY_SEGMENTS * 2;
    const many = await startFakeAws({ tables: [numberedTable('t', items, PAGE_SIZE)] });
    const interval = { checkpoint_target_interval_seconds: 0 };
    const input = {
      config: engineConfig(many, { ...interval, scan: { segments: MANY_SEGMENTS } }),
      catalog: numberedCatalog('t'),
    };
    const run = await read(input);
    const states = run.statesOf('t');
    const large = states.filter((state) => JSON.stringify(state).length > CHEAP_STATE_BYTES);
    const at = states.lastIndexOf(large.at(-2) ?? expect.fail('few large states'));
    const rest = await read({ ...input, state: [states[at]] });
    await many.stop();
    expect(isEachOnce(numbersIn(run), items)).to.equal(true);
    const before = numbersIn(run).slice(0, recordsBeforeState(run, at));
    expect(isEachOnce([...before, ...numbersIn(rest)], items)).to.equal(true);
    expect(states.length - large.length).to.be.above(MANY_SEGMENTS / 10);
    expect(large.length).to.be.below(MANY_SEGMENTS / 5);
  });

  it('brings from every state exactly what did not come before it', async () => {
    const states = whole.statesOf('t');
    const before = states.map((_, index) => recordsBeforeState(whole, index));
    await mapInParallel(states, RUNS_AT_A_TIME, async (state, index) => {
      const rest = await read({ config: config(), catalog: numberedCatalog('t'), state: [state] });
      expect(rest.exitCode).to.equal(0);
      const numbers = [...numbersIn(whole).slice(0, before[index]), ...numbersIn(rest)];
      expect(isEachOnce(numbers, ITEM_COUNT), `from state ${index}`).to.equal(true);
    });
    expect(before.at(-1)).to.equal(ITEM_COUNT);
  }).timeout(EVERY_STATE_TIMEOUT_MS);

  it('warns of a state that is of other streams alone', async () => {
    const [state] = whole.statesOf('t').slice(-1);
    if (state === undefined) throw new Error('there is no state');
    const { stream_state } = state.stream;
    const stream = { stream_descriptor: { name: 'elsewhere' }, stream_state };
    const foreign = { ...state, stream };
    const catalog = numberedCatalog('t');
    const alone = await read({ config: config(), catalog, state: [foreign] });
    expect(alone.warnings).to.deep.equal([
      'The state has no entry for any configured stream, only for "elsewhere". Every stream is read from its beginning.',
    ]);
    expect(isEachOnce(numbersIn(alone), ITEM_COUNT)).to.equal(true);
    const both = await read({
      config: config(),
      catalog,
      state: [foreign, whole.statesOf('t')[4]],
    });
    expect(both.warnings).to.deep.equal([]);
  });

  /** A read of `t` in a namespace, with a state of `t` in another. */
  async function readAcross(configured: string | null | undefined, saved: unknown) {
    const state = whole.statesOf('t')[4];
    const stream_descriptor = { name: 't', namespace: saved };
    const { stream_state } = state?.stream ?? {};
    const stream = numberedStream('t');
    const placed = { ...stream, stream: { ...(stream.stream as object), namespace: configured } };
    return read({
      config: config(),
      catalog: { streams: [placed] },
      state: [{ type: 'STREAM', stream: { stream_descriptor, stream_state } }],
    });
  }

  for (const [configured, saved, says] of [
    ['b', 'a', 'in the namespace "a", but the configured catalog has it in the namespace "b"'],
    [null, 'a', 'in the namespace "a", but the configured catalog has it in no namespace'],
    ['b', '', 'in no namespace, but the configured catalog has it in the namespace "b"'],
  ] as const) {
    it(`reads all when the state is ${says}`, async () => {
      const run = await readAcross(configured, saved);
      expect(run.exitCode).to.equal(0);
      expect(isEachOnce(numbersIn(run), ITEM_COUNT)).to.equal(true);
      expect(run.warnings).to.deep.equal([
        `t: the state has the stream ${says}; it is read from its beginning. To continue from the state, give both the same namespace.`,
      ]);
    });
  }

  for (const [configured, saved] of [
    ['a', 'a'],
    [undefined, null],
    [null, ''],
    ['', undefined],
  ] as const) {
    it(`goes on from a state of the namespace ${JSON.stringify(saved)} in ${JSON.stringify(configured)}`, async () => {
      const run = await readAcross(configured, saved);
      expect(run.warnings).to.deep.equal([]);
      expect(numbersIn(run)).to.have.length(ITEM_COUNT - recordsBeforeState(whole, 4));
    });
  }

  it('keeps the number of segments that the state was made with', async () => {
    const state = whole.statesOf('t')[4];
    const before = aws.requestsTo('Scan').length;
    const rest = await read({ config: config(5), catalog: numberedCatalog('t'), state: [state] });
    const asked = aws
      .requestsTo('Scan')
      .slice(before)
      .map((scan) => scan.input.TotalSegments);
    expect(new Set(asked)).to.deep.equal(new Set([SEGMENTS]));
    const numbers = [
      ...numbersIn(whole).slice(0, recordsBeforeState(whole, 4)),
      ...numbersIn(rest),
    ];
    expect(isEachOnce(numbers, ITEM_COUNT)).to.equal(true);
    expect(rest.statesOf('t')[0]?.stream.stream_state.scan).to.include({
      total_segments: SEGMENTS,
    });
  });

  it('takes STATE messages as they were written, of which the last of a stream counts', async () => {
    const state = whole.messages.filter((message) => message.type === 'STATE').slice(0, 6);
    const rest = await read({ config: config(), catalog: numberedCatalog('t'), state });
    expect(numbersIn(rest)).to.have.length(ITEM_COUNT - recordsBeforeState(whole, 5));
  });

  for (const [name, state] of [
    ['null', null],
    ['{}', {}],
    ['[]', []],
    [
      'a stream without a state',
      [{ type: 'STREAM', stream: { stream_descriptor: { name: 't' } } }],
    ],
  ] as const) {
    it(`begins at the beginning when the state is ${name}`, async () => {
      const run = await read({ config: config(), catalog: numberedCatalog('t'), state });
      expect(run.exitCode).to.equal(0);
      expect(isEachOnce(numbersIn(run), ITEM_COUNT)).to.equal(true);
    });
  }

  it('reads a finished stream anew when it is configured as incremental', async () => {
    const catalog = numberedCatalog('t', 'incremental');
    const first = await read({ config: config(), catalog });
    const again = await read({ config: config(), catalog, state: first.states });
    expect(again.exitCode).to.equal(0);
    expect(isEachOnce(numbersIn(again), ITEM_COUNT)).to.equal(true);
  });

  it('brings nothing of a finished stream that is configured as full_refresh', async () => {
    const before = aws.requestsTo('Scan').length;
    const state = whole.states;
    const again = await read({ config: config(), catalog: numberedCatalog('t'), state });
    expect(again.exitCode).to.equal(0);
    expect(again.recordStreams).to.deep.equal([]);
    expect(again.statesOf('t')).to.have.length(1);
    expect(aws.requestsTo('Scan').length).to.equal(before);
  });
});

/** How many records came before a run's state of this index. */
function recordsBeforeState(run: ConnectorRun, index: number): number {
  const states = run.messages.flatMap((message, at) => (message.type === 'STATE' ? [at] : []));
  return run.messages.slice(0, states[index]).filter(({ type }) => type === 'RECORD').length;
}
