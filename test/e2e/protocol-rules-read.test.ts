import { Ajv } from 'ajv';
import { expect } from 'chai';
import { acceptanceConfig, acceptanceEntries } from '../acceptance/acceptance-config.ts';
import { propertiesOf } from '../acceptance/subschemas.ts';
import { startAcceptanceEngine } from '../acceptance/tables.ts';
import { configuredCatalog } from '../support/configure-catalog.ts';
import { runConnector, type ConnectorRun } from '../support/connector.ts';
import type { Engine } from '../support/engine.ts';
import type { CatalogStream, SyncMode } from '../support/messages.ts';
import { writeJson } from '../support/temp-files.ts';

const SYNC_MODES: readonly SyncMode[] = ['full_refresh', 'incremental'];
const entries = await acceptanceEntries('basic_read');

describe("Airbyte's rules for a read", () => {
  let engine: Engine;

  before(async () => {
    engine = await startAcceptanceEngine();
  });
  after(() => engine.stop());

  for (const { config_path, empty_streams = [] } of entries) {
    for (const syncMode of SYNC_MODES) {
      describe(`of ${config_path}, ${syncMode}`, () => {
        let run: ConnectorRun;
        let streams: readonly CatalogStream[];
        let startedAt: number;

        before(async () => {
          const config = await writeJson(await acceptanceConfig(config_path, engine));
          const catalog = (await runConnector(['discover', '--config', config])).catalog;
          streams = catalog?.streams ?? [];
          const configured = await writeJson(configuredCatalog({ streams }, { syncMode }));
          startedAt = Date.now();
          run = await runConnector(['read', '--config', config, '--catalog', configured]);
        });

        it('ends with exit code 0 and without errors', () => {
          expect(run.errors).to.deep.equal([]);
          expect(run.exitCode).to.equal(0);
        });

        it('starts, runs and completes every stream, also an empty one', () => {
          expect(streams).to.not.deep.equal([]);
          for (const { name } of streams) {
            expect(run.statuses(name), name).to.deep.equal(['STARTED', 'RUNNING', 'COMPLETE']);
          }
        });

        it('brings records of every stream that is not empty', () => {
          const empty = new Set(empty_streams.map(({ name }) => name));
          const expected = streams.map(({ name }) => name).filter((name) => !empty.has(name));
          expect(run.recordStreams).to.have.members(expected);
        });

        it('writes records and states of a stream between RUNNING and COMPLETE', () => {
          for (const { name } of streams) {
            const order = messageOrder(run, name);
            expect(order, name).to.match(/^STARTED (ESTIMATE )*RUNNING (RECORD |STATE )*COMPLETE$/);
            expect(order, 'the last word of a stream is a state').to.match(/ STATE COMPLETE$/);
          }
        });

        it('counts in each state the records since the one before', () => {
          for (const { name } of streams) {
            expect(countedRecords(run, name), name).to.deep.equal(recordsBetweenStates(run, name));
          }
        });

        it('writes that count as a decimal', () => {
          const lines = run.lines.filter((line) => line.includes('"recordCount"'));
          expect(lines).to.not.deep.equal([]);
          for (const line of lines) expect(line).to.match(/"recordCount":\d+\.0\b/);
        });

        it('never writes a state twice in one stream', () => {
          for (const { name } of streams) {
            const states = run.statesOf(name).map((state) => JSON.stringify(state.stream));
            expect(new Set(states).size, name).to.equal(states.length);
            expect(states, name).to.not.deep.equal([]);
          }
        });

        it('brings records that fit the schema, with no attribute beyond it', () => {
          const ajv = new Ajv({ strict: false });
          for (const { name, json_schema } of streams) {
            const validate = ajv.compile(json_schema);
            const declared = Object.keys(propertiesOf(json_schema));
            for (const record of run.records(name)) {
              expect(validate(record), `${name}: ${ajv.errorsText(validate.errors)}`).to.equal(
                true,
              );
              expect(declared, name).to.include.members(Object.keys(record));
            }
          }
        });

        it('brings a distinct primary key with every record', () => {
          for (const { name, source_defined_primary_key: paths = [] } of streams) {
            const keys = run
              .records(name)
              .map((record) => paths.flat().map((attribute) => record[attribute] ?? null));
            expect(keys.flat(), name).to.not.include(null);
            expect(new Set(keys.map((key) => JSON.stringify(key))).size).to.equal(keys.length);
          }
        });

        it('stamps records with the time of the read, in milliseconds', () => {
          for (const message of run.messages) {
            if (message.type !== 'RECORD') continue;
            expect(message.record.emitted_at).to.be.within(startedAt, Date.now());
            expect(message.record.emitted_at % 1).to.equal(0);
          }
        });
      });
    }
  }
});

/** `STARTED RUNNING RECORD RECORD STATE COMPLETE`: what is said of a stream, in order. */
function messageOrder(run: ConnectorRun, stream: string): string {
  const words = run.messages.flatMap((message) => {
    if (message.type === 'RECORD') return message.record.stream === stream ? ['RECORD'] : [];
    if (message.type === 'STATE') {
      return message.state.stream.stream_descriptor.name === stream ? ['STATE'] : [];
    }
    if (message.type !== 'TRACE') return [];
    const { trace } = message;
    if (trace.type === 'ESTIMATE') return trace.estimate.name === stream ? ['ESTIMATE'] : [];
    if (trace.type !== 'STREAM_STATUS') return [];
    const { stream_descriptor: descriptor, status } = trace.stream_status;
    return descriptor.name === stream ? [status] : [];
  });
  return words.join(' ');
}

function countedRecords(run: ConnectorRun, stream: string): (number | undefined)[] {
  return run.statesOf(stream).map((state) => state.sourceStats?.recordCount);
}

function recordsBetweenStates(run: ConnectorRun, stream: string): number[] {
  const parts = messageOrder(run, stream).split('STATE').slice(0, -1);
  return parts.map((part) => part.split('RECORD').length - 1);
}
