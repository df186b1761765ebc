import { isKnown, type TableEstimate } from '../source/compare-ways.ts';
import { EXPORT_BYTES_PER_SECOND, EXPORT_SECONDS } from '../strategies/export/export-estimate.ts';
import {
  CHANGE_CALLS_PRICE_PER_100_000,
  EXPORT_PRICE_PER_GIB,
  LEAST_EXPORTED_BYTES,
  READ_PRICES_PER_MILLION,
  RECOVERY_PRICE_PER_GIB,
} from '../strategies/prices.ts';
import { CHANGED_SHARE_A_DAY, SYNCS_A_MONTH } from '../strategies/read-way.ts';
import {
  CONNECTOR_BYTES_PER_SECOND,
  FASTEST_SEGMENT_BYTES_PER_SECOND,
} from '../strategies/scan/scan-estimate.ts';
import { CALLS_PER_IDLE_SHARD } from '../strategies/streams/stream-estimate.ts';
import { formatBytes } from '../text/figures.ts';

const SECONDS_PER_MINUTE = 60;
const BYTES_PER_GB = 1_000_000_000;
const BYTES_PER_MIB = 1024 ** 2;
const PERCENT = 100;

/** What the figures of an estimate rest on, in sentences: what was assumed first of all. */
export function* listNotes(
  estimates: readonly TableEstimate[],
  pricePerMillion: number | undefined,
): Generator<string> {
  const known = estimates.filter((estimate) => isKnown(estimate));
  yield `* As configured. "first" is the first sync, "later" are syncs every hour, ${SYNCS_A_MONTH} a month, in the sync mode incremental; fewer where one takes longer. A full refresh costs as much as the first sync each time. One replication method does both, so read along a line.`;
  yield `Assumed, since AWS does not tell: ${CHANGED_SHARE_A_DAY * PERCENT} % of the items change in a day.`;
  yield `Prices in USD, of us-east-1: ${describeReadPrice(pricePerMillion)}`;
  if (known.some(({ ways }) => ways.some(({ name }) => name === 'Streams'))) yield STREAMS;
  if (known.some(({ ways }) => ways.some(({ name }) => name === 'Export'))) yield EXPORT;
  yield SCAN;
  yield 'DynamoDB counts items and bytes about every six hours.';
  const unknown = estimates.filter((estimate) => !isKnown(estimate));
  if (unknown.length > 0) {
    yield `Not known: ${listNames(unknown)}. A table shows 0 items when it is empty, and for up to six hours when it is new.`;
  }
  const provisioned = known.filter(({ isProvisioned }) => isProvisioned);
  if (provisioned.length > 0) {
    yield `Provisioned: ${listNames(provisioned)}. Idle capacity is already paid for, so a scan that uses nothing else (see the read budget) costs nothing extra. The figures are for capacity that is bought for the scan.`;
  }
}

const SCAN = `Scan: later syncs, by a cursor too, scan the whole table again. "consistent_read": false makes a scan eventual, at half the price. A segment is taken to read ${formatBytes(FASTEST_SEGMENT_BYTES_PER_SECOND)} a second at most, and the connector ${formatBytes(CONNECTOR_BYTES_PER_SECOND)}.`;

const STREAMS = `Streams: ${CHANGE_CALLS_PRICE_PER_100_000} for 100,000 GetRecords calls; a sync makes ${CALLS_PER_IDLE_SHARD} to each shard without changes, and a table has a shard for each partition. The 2.5 million calls that an account has free each month are not taken off. A table that needs a change stream gets it by aws dynamodb update-table; docs/change-capture.md says how.`;

const EXPORT = `Export: ${EXPORT_PRICE_PER_GIB} for an exported GiB, of changes at least ${LEAST_EXPORTED_BYTES / BYTES_PER_MIB} MB; and ${RECOVERY_PRICE_PER_GIB} for a GiB and month of point-in-time recovery, which it needs; nothing extra if you have that already, which is not looked up. An export is taken to last ${EXPORT_SECONDS / SECONDS_PER_MINUTE} minutes, and one more for each ${(EXPORT_BYTES_PER_SECOND * SECONDS_PER_MINUTE) / BYTES_PER_GB} GB.`;

function describeReadPrice(given: number | undefined): string {
  if (given !== undefined) return `${given} for a million read units, as --price-per-million says.`;
  const { standard, infrequentAccess } = READ_PRICES_PER_MILLION;
  return `${standard} for a million read units, ${infrequentAccess} of a table of infrequent access (--price-per-million sets another).`;
}

function listNames(estimates: readonly TableEstimate[]): string {
  return estimates.map(({ table }) => table).join(', ');
}
