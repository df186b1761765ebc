import { expect } from 'chai';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parse } from 'yaml';
import { readProjectFile } from '../acceptance/acceptance-config.ts';
import { CONNECTOR_PATH, connectorEnvironment } from '../support/connector.ts';
import { awsError, startFakeAws, type FakeAws } from '../support/fake-aws.ts';
import type { JsonObject } from '../support/json.ts';
import { parseMessage } from '../support/messages.ts';
import { makeTempDirectory } from '../support/temp-files.ts';
import { isEachOnce, numberedCatalog, numberedTable } from './support/numbered-table.ts';
import { engineConfig, read } from './support/source-runs.ts';

const ITEMS = 1600;
const SLICES = 8;
const MANIFEST = 'deploy/kubernetes-indexed-job.yaml';

/** What of a Job's manifest the test runs. */
interface JobManifest {
  readonly spec: {
    readonly completions: number;
    readonly template: {
      readonly spec: {
        readonly containers: readonly {
          readonly command: readonly string[];
          readonly args: readonly string[];
          readonly env: readonly { readonly name: string; readonly value: string }[];
        }[];
      };
    };
  };
}

describe('the slices of a scan', () => {
  let aws: FakeAws;
  let directory: string;
  let manifest: JobManifest;

  before(async () => {
    manifest = parse(await readProjectFile(MANIFEST)) as JobManifest;
    await chmod(CONNECTOR_PATH, 0o755);
  });
  beforeEach(async () => {
    aws = await startFakeAws({ tables: [numberedTable('t', ITEMS, 10)] });
    directory = makeTempDirectory();
    const scan = { segments: 2 * SLICES };
    const config = engineConfig(aws, { scan, checkpoint_target_interval_seconds: 0 });
    await writeFile(join(directory, 'config.json'), JSON.stringify(config));
    await writeFile(join(directory, 'catalog.json'), JSON.stringify(numberedCatalog('t')));
  });
  afterEach(() => aws.stop());

  /** Runs one pod of the Job, as the manifest has it, and gives its exit code. */
  async function runPod(index: number): Promise<unknown> {
    const container = manifest.spec.template.spec.containers[0];
    const [program = '', ...flags] = container?.command ?? [];
    const env = Object.fromEntries((container?.env ?? []).map(({ name, value }) => [name, value]));
    const child = spawn(program, [...flags, ...(container?.args ?? [])], {
      env: {
        ...{ ...connectorEnvironment(), ...env },
        ...{ INPUT: directory, OUTPUT: directory, AIRBYTE_ENTRYPOINT: CONNECTOR_PATH },
        JOB_COMPLETION_INDEX: String(index),
      },
      stdio: 'ignore',
    });
    const [exitCode] = (await once(child, 'close')) as unknown[];
    return exitCode;
  }

  async function readNumbers(index: number): Promise<readonly number[]> {
    const path = join(directory, `slice-${index}`, 'messages.jsonl');
    const lines = (await readFile(path, 'utf8')).split('\n').filter((line) => line !== '');
    return lines.flatMap((line) => {
      const message = parseMessage(line);
      return message.type === 'RECORD' ? [Number(message.record.data.n)] : [];
    });
  }

  const indexes = Array.from({ length: SLICES }, (_, index) => index);

  it('are together the table, each item once, in eight pods of the Job', async () => {
    expect(manifest.spec.completions).to.equal(SLICES);
    const exitCodes = await Promise.all(indexes.map(runPod));
    expect(exitCodes).to.deep.equal(indexes.map(() => 0));
    const parts = await Promise.all(indexes.map(readNumbers));
    expect(parts.map((part) => part.length)).to.deep.equal(indexes.map(() => ITEMS / SLICES));
    expect(isEachOnce(parts.flat(), ITEMS)).to.equal(true);
  }).timeout(60_000);

  it('go on from the last state when a pod is started anew', async () => {
    const scan = aws.handler('Scan');
    let pages = 0;
    aws.on('Scan', (input, request) => {
      pages++;
      return pages > 7 ? awsError('AccessDeniedException', 'not any more') : scan(input, request);
    });
    expect(await runPod(5)).to.equal(1);
    aws.on('Scan', scan);
    expect(await runPod(5)).to.equal(0);
    const numbers = await readNumbers(5);
    expect(new Set(numbers).size).to.equal(numbers.length);
    expect(numbers).to.have.length(ITEMS / SLICES);
    const inputs = aws.requestsTo('Scan').map(({ input }) => input);
    const beginnings = inputs.filter((input) => input.ExclusiveStartKey === undefined);
    expect(new Set(inputs.map((input) => input.Segment))).to.deep.equal(new Set([5, 13]));
    expect(beginnings, 'segments that were begun').to.have.length(2);
  });

  async function readSlice(scan: JsonObject, state?: unknown) {
    const config = engineConfig(aws, { scan, checkpoint_target_interval_seconds: 0 });
    return read({ config, catalog: numberedCatalog('t'), ...(state !== undefined && { state }) });
  }

  it('are refused once finished when the segments are others, which would lose items', async () => {
    const slice = { index: 0, count: 2 };
    const { states } = await readSlice({ slice });
    const run = await readSlice({ slice, segments: 8 }, states);
    expect(run.exitCode).to.equal(1);
    expect(run.errors[0]?.message).to.include('is for a slice of 4 segments');
  });

  it('say in every state which slice it is of', async () => {
    const slice = { index: 1, count: 2 };
    const { states } = await readSlice({ slice });
    const saved = states.map((state) => state.stream.stream_state);
    expect(saved.length).to.be.greaterThan(2);
    expect(saved.at(-1)).to.deep.equal({ scan_complete: true, slice, total_segments: 4 });
    for (const state of saved.slice(0, -1)) {
      expect((state.scan as JsonObject).slice).to.deep.equal(slice);
    }
  });

  const OTHERS: readonly (readonly [string, JsonObject, RegExp])[] = [
    ['another slice', { slice: { index: 0, count: 2 } }, /is for slice 1 of 2 of the table/],
    ['another count', { slice: { index: 1, count: 4 } }, /asks for slice 1 of 4/],
    ['the whole table', {}, /asks for the whole of the table/],
    ['other segments', { slice: { index: 1, count: 2 }, segments: 8 }, /asks for 8/],
  ];
  for (const [name, scan, message] of OTHERS) {
    it(`do not go on with the state of ${name}`, async () => {
      const { states } = await readSlice({ slice: { index: 1, count: 2 } });
      const run = await readSlice(scan, [states[0]]);
      expect(run.exitCode).to.equal(1);
      expect(run.errors[0]?.failure_type).to.equal('config_error');
      expect(run.errors[0]?.message).to.match(message);
      expect(run.recordCount('t')).to.equal(0);
    });
  }
});
