import { PAGE_BYTES } from '../../aws/dynamodb/read-units.ts';
import type { Table } from '../../aws/dynamodb/tables.ts';
import { CHANGE_CALLS_PRICE_PER_100_000 } from '../prices.ts';
import { assumeChanges, type ReadWay } from '../read-way.ts';
import { findUsableStream } from './usable-stream.ts';

/** GetRecords calls that a sync makes to a shard without changes, as `npm run bench -- --idle` counts them. */
export const CALLS_PER_IDLE_SHARD = 10;
// A table has a change shard for each partition, and a partition holds and serves so much.
// https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/HowItWorks.Partitions.html
const BYTES_PER_PARTITION = 10 * 1024 ** 3;
const UNITS_PER_PARTITION = 3000;
// An answer holds 1 MB or 1,000 changes at most, and a change the item as it is and as it was.
const ITEMS_PER_ANSWER = 1000;
const IMAGES_PER_CHANGE = 2;
// An idle shard is read to its end after six to ten seconds.
const IDLE_SECONDS = 10;
const ANSWER_SECONDS = 0.1;

/**
 * Estimates the reading of a table's changes behind a snapshot.
 *
 * @param snapshot what comes first: a strongly consistent scan, a full export, or nothing.
 */
export function estimateChanges(table: Table, snapshot: ReadWay | undefined): ReadWay {
  const shards = countShards(table);
  const { itemCount, sizeBytes } = assumeChanges(table);
  const answers = Math.ceil(
    Math.max(itemCount / ITEMS_PER_ANSWER, (sizeBytes * IMAGES_PER_CHANGE) / PAGE_BYTES),
  );
  const calls = shards * CALLS_PER_IDLE_SHARD + answers;
  const later = {
    readUnits: 0,
    cost: (calls / 100_000) * CHANGE_CALLS_PRICE_PER_100_000,
    seconds: IDLE_SECONDS + (answers / shards) * ANSWER_SECONDS,
  };
  return {
    name: 'Streams',
    first: snapshot?.first ?? later,
    bottleneck: snapshot?.bottleneck ?? 'connector',
    later,
    standingCost: 0,
    ...(findUsableStream(table) === undefined && { needs: 'change stream' }),
  };
}

function countShards({ sizeBytes, capacity }: Table): number {
  const units = capacity.provisioned ?? capacity.warm ?? 0;
  return Math.ceil(Math.max(1, sizeBytes / BYTES_PER_PARTITION, units / UNITS_PER_PARTITION));
}
