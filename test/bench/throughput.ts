import { measure } from './measure.ts';
import type { BenchOptions } from './options.ts';
import { checkRun, type Run } from './run-check.ts';
import { prepareRunner, shareRecords, type RunnerName, type RunTarget } from './runners.ts';
import { ReplayServer } from './server-process.ts';
import type { PageFacts } from './server-protocol.ts';
import { SHAPES, type ShapeName } from './shapes.ts';
import { nameTable } from './table-name.ts';

/** Who read what in how many rounds. */
export interface RunSeries {
  readonly shape: ShapeName;
  readonly runner: RunnerName;
  readonly node: string;
  readonly records: number;
  readonly runs: readonly Run[];
}

/** What one run needs to know beyond the options. */
export interface RunRequest {
  readonly server: ReplayServer;
  readonly runner: RunnerName;
  readonly target: RunTarget;
  readonly records: number;
  readonly readBytesPerSecond?: number;
}

/** Runs one reader once and checks what it wrote. */
export async function runOnce(request: RunRequest): Promise<Run> {
  const { server, runner, target, records, readBytesPerSecond = 0 } = request;
  const command = await prepareRunner(runner, target);
  await server.reset();
  const measurement = await measure(command, readBytesPerSecond);
  const run = { ...measurement, server: await server.stats() };
  checkRun(runner, run, records);
  return run;
}

/** Lets every runner read each shape in turn, round by round, so that a slow minute of the machine meets them all. */
export async function measureThroughput(
  options: BenchOptions,
  onRun: (series: Omit<RunSeries, 'runs'>, run: Run) => void,
): Promise<RunSeries[]> {
  const results: RunSeries[] = [];
  for (const shape of options.shapes) {
    await using server = await ReplayServer.start({
      shards: options.segments,
      ...(options.certificate !== undefined && { certificate: options.certificate }),
    });
    const facts = await server.prepare(shape);
    const contestants = listContestants(options, shape, facts);
    const runs = contestants.map((): Run[] => []);
    for (let round = 0; round < options.rounds; round += 1) {
      for (const [index, contestant] of contestants.entries()) {
        const { runner, node, records } = contestant;
        const tables = [nameTable(shape, records)] as const;
        const target = { ...options, endpoint: server.endpoint, tables, node };
        const run = await runOnce({ server, runner, target, records });
        runs[index]?.push(run);
        onRun(contestant, run);
      }
    }
    results.push(
      ...contestants.map((contestant, index) => ({ ...contestant, runs: runs[index] ?? [] })),
    );
  }
  return results;
}

/** Other shapes than the mixed one read as many bytes, so that each takes about as long. */
function listContestants(
  options: BenchOptions,
  shape: ShapeName,
  facts: PageFacts,
): Omit<RunSeries, 'runs'>[] {
  const bytes = options.records * SHAPES.mixed.itemBytes;
  const items = shape === 'mixed' ? options.records : Math.round(bytes / facts.itemBytes);
  return options.runners.flatMap((runner) => {
    const records = shareRecords(runner, items);
    // The published example does not run under Node.
    const nodes = runner === 'boto3' ? ['python'] : options.nodes;
    return nodes.map((node) => ({ shape, runner, node, records }));
  });
}
