import { expect } from 'chai';
import type { ConnectorRun } from '../support/connector.ts';
import { startFakeAws, type FakeAws } from '../support/fake-aws.ts';
import type { StatePayload } from '../support/messages.ts';
import { seededRandom, type Random } from '../support/seeded-random.ts';
import {
  isEachOnce,
  isEveryOne,
  numberedCatalog,
  numberedTable,
  numbersBeforeLastState,
  numbersIn,
} from './support/numbered-table.ts';
import { engineConfig, startRead } from './support/source-runs.ts';

const ITEM_COUNT = 104_000;
const PAGE_SIZE = 130;
/** How often the connector is killed, over as many whole reads as that takes. */
const KILLS = Number(process.env.KILL_ROUNDS ?? 24);
const SEED = Number(process.env.KILL_SEED ?? 20_24);
/** Messages that a run may write at most before it is killed: a read takes some ten runs. */
const MOST_MESSAGES = 20_000;
const TIMEOUT_MS = 120_000 + KILLS * 3_000;

describe('a read that is killed at random moments', () => {
  let aws: FakeAws;

  before(async () => {
    aws = await startFakeAws({ tables: [numberedTable('t', ITEM_COUNT, PAGE_SIZE)] });
  });
  after(() => aws.stop());

  it(`brings the whole table over ${KILLS} SIGKILLs, and repeats only what follows the last state`, async () => {
    const random = seededRandom(SEED);
    let kills = 0;
    let repeats = 0;
    while (kills < KILLS) {
      const runs = await readKilledAtRandom(random);
      const killed = runs.filter((run) => run.signal === 'SIGKILL');
      kills += killed.length;
      const covered = runs.flatMap(numbersBeforeLastState);
      const emitted = runs.flatMap(numbersIn);
      repeats += emitted.length - ITEM_COUNT;
      expect(isEveryOne(emitted, ITEM_COUNT), 'the union is the whole table').to.equal(true);
      expect(isEachOnce(covered, ITEM_COUNT), 'what a state covers never comes again').to.equal(
        true,
      );
      for (const run of killed) {
        const uncovered = numbersIn(run).length - numbersBeforeLastState(run).length;
        expect(uncovered, 'a state follows each page').to.be.at.most(PAGE_SIZE);
      }
    }
    expect(repeats).to.be.at.most(kills * PAGE_SIZE);
    process.stdout.write(`      ${kills} kills, ${repeats} records repeated\n`);
  }).timeout(TIMEOUT_MS);

  /** The runs of one whole read: each killed but the last, and resumed from the last whole STATE line. */
  async function readKilledAtRandom(random: Random): Promise<readonly ConnectorRun[]> {
    const config = engineConfig(aws, { checkpoint_target_interval_seconds: 0 });
    const runs: ConnectorRun[] = [];
    let state: StatePayload | undefined;
    for (;;) {
      const running = await startRead({
        ...{ config, catalog: numberedCatalog('t') },
        ...(state !== undefined && { state: [state] }),
      });
      let left = Math.floor(random() * MOST_MESSAGES);
      running.onMessage(() => {
        if (left-- === 0) running.kill('SIGKILL');
      });
      const run = await running.done;
      runs.push(run);
      if (run.signal === null) {
        expect(run.exitCode, run.text.slice(-2000)).to.equal(0);
        return runs;
      }
      state = run.states.at(-1) ?? state;
    }
  }
});
