import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { availableParallelism, cpus, tmpdir } from 'node:os';
import { join } from 'node:path';

import { makeCertificate } from '../support/certificate.ts';
import { measureGrowth } from './growth.ts';
import { measureIdle } from './idle.ts';
import { measureLatency } from './latency.ts';
import { parseBenchOptions, USAGE, type BenchOptions } from './options.ts';
import { renderSummaries, renderTargets, summarise } from './report.ts';
import { measureThroughput } from './throughput.ts';

/** Where a run's numbers come from. */
function describeMachine(): object {
  const [cpu] = cpus();
  return { cpu: cpu?.model.trim() ?? 'unknown', cores: availableParallelism() };
}

/** Progress goes to stderr, results to stdout. */
function note(text: string): void {
  process.stderr.write(`${text}\n`);
}

async function compareReaders(options: BenchOptions): Promise<object> {
  const { versions } = options;
  const series = await measureThroughput(options, ({ shape, runner, node, records }, run) => {
    const rate = Math.round(records / run.wallSeconds).toLocaleString('en');
    const cpu = ((run.cpuSeconds / records) * 1e6).toFixed(2);
    const who = [shape, runner, versions.get(node) ?? node].join(' ');
    note(`${who}: ${rate} records/s, ${cpu} CPU s per 1M`);
  });
  const summaries = summarise(series, versions);
  process.stdout.write(renderSummaries(summaries));
  process.stdout.write(`\n${renderTargets(summaries, options)}`);
  return { summaries, series };
}

const MODES: Readonly<Record<BenchOptions['mode'], (options: BenchOptions) => Promise<object>>> = {
  latency: async (options) => ({ latency: await measureLatency(options, note) }),
  growth: async (options) => ({ growth: await measureGrowth(options, note) }),
  idle: async (options) => ({ idle: await measureIdle(options, note) }),
  throughput: compareReaders,
};

async function run(options: BenchOptions): Promise<void> {
  const results = await MODES[options.mode](options);
  if (options.json === undefined) return;
  const { segments, rounds } = options;
  const report = { machine: describeMachine(), segments, rounds, ...results };
  await writeFile(options.json, `${JSON.stringify(report, undefined, 1)}\n`);
}

const directory = await mkdtemp(join(tmpdir(), 'bench-'));
try {
  const options = await parseBenchOptions(process.argv.slice(2), directory);
  if (options === undefined) {
    process.stdout.write(USAGE);
  } else {
    await using certificate = options.tls ? await makeCertificate() : undefined;
    await run({ ...options, certificate });
  }
} finally {
  await rm(directory, { recursive: true, force: true });
}
