import { expect } from 'chai';
import {
  acceptanceConfig,
  acceptanceEntries,
  type AcceptanceEntry,
  readProjectFile,
} from '../acceptance/acceptance-config.ts';
import { startAcceptanceEngine } from '../acceptance/tables.ts';
import type { ConnectorRun } from '../support/connector.ts';
import type { Engine } from '../support/engine.ts';
import type { StatePayload } from '../support/messages.ts';
import { read } from './support/source-runs.ts';

/** Some thirty short runs of the connector. */
const EVERY_STATE_TIMEOUT_MS = 120_000;
const STREAMS = ['customers', 'ledger', 'orders'];
const entries = await acceptanceEntries('incremental');

describe("Airbyte's rules for incremental reads", () => {
  let engine: Engine;

  before(async () => {
    engine = await startAcceptanceEngine();
  });
  after(() => engine.stop());

  async function sync(entry: AcceptanceEntry, state?: unknown): Promise<ConnectorRun> {
    const catalog = await readJson(entry.configured_catalog_path);
    const config = await acceptanceConfig(entry.config_path, engine);
    const run = await read({ config, catalog, ...(state !== undefined && { state }) });
    expect(run.exitCode, run.text).to.equal(0);
    return run;
  }

  for (const entry of entries) {
    describe(`with ${entry.config_path}`, () => {
      it('has less or nothing new in the second read, and the same cursors', async () => {
        const first = await sync(entry);
        const second = await sync(entry, first.states);
        for (const name of STREAMS) {
          expect(first.recordCount(name), name).to.be.above(1);
          expect(second.recordCount(name), name).to.be.within(1, first.recordCount(name) / 6);
          expect(second.statuses(name)).to.deep.equal(['STARTED', 'RUNNING', 'COMPLETE']);
          const [before, after] = [first, second].map((run) => run.statesOf(name).at(-1)?.stream);
          expect(after).to.deep.equal(before);
        }
      });

      it('has no records and a state from a cursor in the far future', async () => {
        const run = await sync(entry, await readJson(entry.future_state?.future_state_path));
        expect(run.recordStreams).to.deep.equal([]);
        for (const name of STREAMS) expect(run.statesOf(name)).not.to.have.length(0);
      });

      it('reads from every intermediate state what the states before it did not count', async () => {
        const first = await sync(entry);
        for (const name of STREAMS) {
          let counted = 0;
          for (const state of first.statesOf(name).slice(0, -1)) {
            counted += state.sourceStats?.recordCount ?? 0;
            const others = first.states.filter(({ stream }) => nameOf({ stream }) !== name);
            const rest = await sync(entry, [...others, state]);
            expect(rest.recordCount(name)).to.equal(first.recordCount(name) - counted);
          }
        }
      }).timeout(EVERY_STATE_TIMEOUT_MS);
    });
  }
});

function nameOf({ stream }: Pick<StatePayload, 'stream'>): string {
  return stream.stream_descriptor.name;
}

async function readJson(path = 'not named'): Promise<unknown> {
  return JSON.parse(await readProjectFile(path));
}
