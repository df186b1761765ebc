import { parseArgs } from 'node:util';
import { startFakeAws } from '../support/fake-aws.ts';
import { writeJson } from '../support/temp-files.ts';
import { startConnector } from '../support/connector.ts';

const USAGE = 'node dist/test/bench/budget.js [--units 500] [--seconds 60] [--segments 4]\n';

const ITEM_BYTES = 2048;
const BYTES_PER_UNIT = 4096;
const MS_PER_SECOND = 1000;
const LATENCY_MS = 20;

interface Options {
  readonly units: number;
  readonly seconds: number;
  readonly segments: number;
}

/** A table that outlasts the measurement, of equal items. */
function makeTable({ units, seconds }: Options) {
  const count = Math.ceil((1.3 * units * seconds * BYTES_PER_UNIT) / ITEM_BYTES);
  const items = Array.from({ length: count }, (_, n) => {
    const start = `{"pk":{"S":"item-${n}"},"padding":{"S":"`;
    return `${start}${'x'.repeat(ITEM_BYTES - start.length - 4)}"}}`;
  });
  const partitionKey = { name: 'pk', type: 'S' as const };
  // As large as DynamoDB's own: 1 MB.
  const pageSize = Math.floor(1024 ** 2 / ITEM_BYTES);
  return { name: 't', items, partitionKey, pageSize, itemCount: 0, tableSizeBytes: 0 };
}

/** The units of each second of a read within a budget, as the server bills them. */
async function measure(options: Options): Promise<{ perSecond: number[]; largestPage: number }> {
  const aws = await startFakeAws({ tables: [makeTable(options)] });
  const perSecond: number[] = [];
  let largestPage = 0;
  let startedAt: number | undefined;
  const scan = aws.handler('Scan');
  aws.on('Scan', async (input, request) => {
    const reply = await scan(input, request);
    startedAt ??= performance.now();
    const second = Math.floor((performance.now() - startedAt) / MS_PER_SECOND);
    const head = reply.kind === 'full' ? reply.body.toString('latin1', 0, 100) : '';
    const units = Number(/"CapacityUnits":([\d.]+)/.exec(head)?.[1]);
    perSecond[second] = (perSecond[second] ?? 0) + units;
    largestPage = Math.max(largestPage, units);
    await new Promise((resolve) => setTimeout(resolve, LATENCY_MS));
    return reply;
  });
  const run = startConnector(await readArguments(options, aws), { discardRecords: true });
  await new Promise((resolve) => setTimeout(resolve, (options.seconds + 3) * MS_PER_SECOND));
  run.kill('SIGTERM');
  await run.done;
  await aws.stop();
  return {
    perSecond: Array.from(perSecond, (units) => units).slice(0, options.seconds),
    largestPage,
  };
}

async function readArguments(
  { units, segments }: Options,
  aws: {
    readonly endpoint: string;
    readonly accessKeyId: string;
    readonly secretAccessKey: string;
  },
): Promise<readonly string[]> {
  const config = await writeJson({
    region: 'us-east-1',
    endpoint: aws.endpoint,
    credentials: {
      auth_type: 'User',
      access_key_id: aws.accessKeyId,
      secret_access_key: aws.secretAccessKey,
    },
    scan: { segments, max_read_capacity_units: units },
  });
  const stream = { name: 't', json_schema: {}, supported_sync_modes: ['full_refresh'] };
  const catalog = await writeJson({ streams: [{ stream, sync_mode: 'full_refresh' }] });
  return ['read', '--config', config, '--catalog', catalog];
}

function report(options: Options, perSecond: readonly number[], largestPage: number): string {
  const full = Array.from(perSecond, (units) => (Number.isFinite(units) ? units : 0));
  const sum = full.reduce((total, units) => total + units, 0);
  let excess = -Infinity;
  full.reduce((total, units, second) => {
    excess = Math.max(excess, total + units - options.units * (second + 1));
    return total + units;
  }, 0);
  return [
    `budget ${options.units} units/s, ${options.segments} segments, ${full.length} s`,
    `consumed ${sum} units: ${((100 * sum) / (options.units * full.length)).toFixed(1)} % of the budget`,
    `seconds: least ${Math.min(...full)}, most ${Math.max(...full)} units`,
    `most ahead of the budget: ${excess.toFixed(0)} units (largest page ${largestPage})`,
    '',
  ].join('\n');
}

const { values } = parseArgs({
  options: {
    units: { type: 'string', default: '500' },
    seconds: { type: 'string', default: '60' },
    segments: { type: 'string', default: '4' },
    help: { type: 'boolean', short: 'h', default: false },
  },
});
if (values.help) process.stdout.write(USAGE);
else {
  const options = {
    units: Number(values.units),
    seconds: Number(values.seconds),
    segments: Number(values.segments),
  };
  const { perSecond, largestPage } = await measure(options);
  process.stdout.write(report(options, perSecond, largestPage));
}
