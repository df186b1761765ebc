import { execFile } from 'node:child_process';
import { parseArgs, promisify } from 'node:util';

import type { Certificate } from '../support/certificate.ts';
import {
  hasBoto3,
  isRunnerName,
  DEFAULT_RUNNERS,
  RUNNER_NAMES,
  type RunnerName,
} from './runners.ts';
import { isShapeName, SHAPE_NAMES, type ShapeName } from './shapes.ts';

/** What `npm run bench -- …` was asked for. */
export interface BenchOptions {
  readonly mode: 'throughput' | 'latency' | 'growth' | 'idle';
  readonly shapes: readonly ShapeName[];
  readonly runners: readonly RunnerName[];
  readonly rounds: number;
  /** Items of the 530 B shape; the others read as many bytes. */
  readonly records: number;
  readonly segments: number;
  /** Paths of the Node binaries to compare. */
  readonly nodes: readonly string[];
  /** Version of each of `nodes`. */
  readonly versions: ReadonlyMap<string, string>;
  readonly python: string;
  /** Where to write the results as JSON. */
  readonly json: string | undefined;
  readonly tls: boolean;
  /** Whether the changes of the tables are read instead of their items. */
  readonly changes: boolean;
  /** More properties for the connector's `scan`, from `--compress`. */
  readonly scan: Readonly<Record<string, unknown>>;
  /** Of `--latency`: milliseconds that a page is held back, and caps of a connection in MB/s (0 = none). */
  readonly delays: readonly number[];
  readonly bandwidths: readonly number[];
  /** Of `--latency`: how many segments to try. */
  readonly ladder: readonly number[];
  /** Of `--growth`: which parts to run. */
  readonly growth: readonly string[];
  readonly certificate?: Certificate | undefined;
  /** A directory for files of the run. */
  readonly directory: string;
}

/** The text of `--help`. */
export const USAGE = `npm run bench -- [options]

Lets several readers scan the same canned tables of a local server and compares what they take.

  --shapes LIST     ${SHAPE_NAMES.join(', ')}, or all (default: mixed)
  --runners LIST    ${RUNNER_NAMES.join(', ')} (default: all but
                    cursor and again; boto3 only where python3 has it; --latency: floor, connector)
  --rounds N        how often each reads, in turn (default: 3)
  --records N       items of the mixed shape; other shapes read as many bytes (default: 5000000; the SDK
                    gets a fifth of them, boto3 a fiftieth)
  --segments N      parallel segments, and shards of a change stream (default: 4)
  --node PATH       a Node to run under, any number of times (default: this one)
  --python PATH     the Python of the published example (default: python3)
  --tls             over TLS, with a certificate made by openssl
  --changes         reads as many updates from change streams, with both images of each item
                    (readers: connector, sdk)
  --compress        with the connector's scan.compress_responses
  --json FILE       write every measurement

  --latency         throughput against the ideal while the server holds pages back
    --delays LIST      milliseconds a page is held back (default: 5,30,80)
    --bandwidths LIST  caps of a connection in MB/s, 0 = none (default: 0,24; 24 is what a partition serves)
    --ladder LIST      segments to try (default: 1,4,16,64)

  --growth          cost and memory as things grow; --growth-parts LIST of
                    items, segments, tables, side-by-side, wide, slow-reader (default: all)

  --idle            calls and seconds of a sync that finds nothing new in change streams
`;

/** Parses the arguments of the bench; throws with a sentence when they are wrong, undefined when help was asked for. */
export async function parseBenchOptions(
  args: readonly string[],
  directory: string,
): Promise<BenchOptions | undefined> {
  const { values } = parseArgs({ args: [...args], options: FLAGS });
  if (values.help) return undefined;
  const nodes = values.node.length === 0 ? [process.execPath] : values.node;
  return {
    mode: MODES.find((mode) => values[mode]) ?? 'throughput',
    shapes: values.shapes === 'all' ? SHAPE_NAMES : parseNames(values.shapes, isShapeName),
    runners: await chooseRunners(values),
    rounds: parseCount(values.rounds),
    records: parseCount(values.records),
    segments: parseCount(values.segments),
    nodes,
    versions: await readVersions(nodes),
    python: values.python,
    json: values.json,
    tls: values.tls,
    changes: values.changes,
    scan: values.compress ? { compress_responses: true } : {},
    delays: values.delays.split(',').map(Number),
    bandwidths: values.bandwidths.split(',').map(Number),
    ladder: values.ladder.split(',').map(parseCount),
    growth: values['growth-parts'].split(','),
    directory,
  };
}

const MODES = ['latency', 'growth', 'idle'] as const;

const FLAGS = {
  help: { type: 'boolean', default: false },
  shapes: { type: 'string', default: 'mixed' },
  runners: { type: 'string' },
  rounds: { type: 'string', default: '3' },
  records: { type: 'string', default: '5000000' },
  segments: { type: 'string', default: '4' },
  node: { type: 'string', multiple: true, default: [] as string[] },
  python: { type: 'string', default: 'python3' },
  tls: { type: 'boolean', default: false },
  changes: { type: 'boolean', default: false },
  compress: { type: 'boolean', default: false },
  json: { type: 'string' },
  latency: { type: 'boolean', default: false },
  delays: { type: 'string', default: '5,30,80' },
  bandwidths: { type: 'string', default: '0,24' },
  ladder: { type: 'string', default: '1,4,16,64' },
  growth: { type: 'boolean', default: false },
  idle: { type: 'boolean', default: false },
  'growth-parts': {
    type: 'string',
    default: 'items,segments,tables,side-by-side,wide,slow-reader',
  },
} as const;

async function readVersions(nodes: readonly string[]): Promise<Map<string, string>> {
  const versions = new Map<string, string>();
  for (const node of nodes) {
    const { stdout } = await promisify(execFile)(node, ['--version']);
    versions.set(node, stdout.trim());
  }
  return versions;
}

interface RunnerChoice {
  readonly changes: boolean;
  readonly runners?: string | undefined;
  readonly latency: boolean;
  readonly python: string;
}

async function chooseRunners({
  runners,
  changes,
  latency,
  python,
}: RunnerChoice): Promise<RunnerName[]> {
  if (runners !== undefined) return parseNames(runners, isRunnerName);
  if (changes) return ['connector', 'sdk'];
  // The others are far from the ideal for a reason that no delay changes, and would read for an hour.
  if (latency) return ['floor', 'connector'];
  if (await hasBoto3(python)) return DEFAULT_RUNNERS;
  process.stderr.write(`${python} has no boto3, so the published example is left out.\n`);
  return DEFAULT_RUNNERS.filter((runner) => runner !== 'boto3');
}

function parseNames<Name extends string>(
  list: string,
  isKnown: (name: string) => name is Name,
): Name[] {
  return list.split(',').map((name) => {
    if (!isKnown(name)) throw new Error(`There is no ${name}.`);
    return name;
  });
}

function parseCount(value: string): number {
  const count = Number(value);
  if (!Number.isInteger(count) || count < 1)
    throw new Error(`${value} is not a whole number above 0.`);
  return count;
}
