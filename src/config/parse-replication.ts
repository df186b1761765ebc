import { ConfigError } from '../errors.ts';
import type { Config, ExportConfig, ReplicationConfig, ScanConfig } from './config.ts';
import { parseS3Endpoint } from './parse-endpoints.ts';
import type { RawConfig } from './raw-config.ts';
import type { Environment } from './region.ts';

const MS_PER_SECOND = 1000;
const GAP_BEHAVIORS = {
  'Fail sync': 'fail',
  'Re-sync data': 'resync',
  'Recover by export': 'recover',
} as const;

/**
 * Parses how tables are read.
 *
 * @throws ConfigError for a method without the bucket that it needs, and for a prefix that cannot be read.
 */
export function parseReplication(
  raw: RawConfig,
  env: Environment,
): Pick<Config, 'replication' | 'export'> {
  const replication = parseMethod(raw);
  const exported = parseExport(raw, env);
  const needs = findNeedOfExports(replication);
  if (needs !== undefined && exported === undefined) {
    throw new ConfigError(
      `"export.s3_bucket" is missing. ${needs} needs it: name the S3 bucket that exports go to.`,
    );
  }
  return { replication, ...(exported !== undefined && { export: exported }) };
}

/** What needs exports, as the subject of a sentence. */
function findNeedOfExports(replication: ReplicationConfig): string | undefined {
  if (replication.method === 'export') return 'The replication method "Export"';
  if (replication.method !== 'streams') return undefined;
  if (replication.snapshot === 'export') return 'The initial snapshot "export"';
  return replication.onGap === 'recover' ? '"Recover by export"' : undefined;
}

function parseMethod({ replication_method: raw }: RawConfig): ReplicationConfig {
  if (raw.method === 'Export') {
    return { method: 'export', source: raw.exports === 'Start new' ? 'new' : 'existing' };
  }
  if (raw.method === 'Scan') {
    return { method: 'scan', cursorMarginMs: MS_PER_SECOND * raw.cursor_margin_seconds };
  }
  return {
    method: 'streams',
    snapshot: raw.initial_snapshot,
    onGap: GAP_BEHAVIORS[raw.invalid_cdc_cursor_position_behavior],
    includeOldImage: raw.include_old_image,
    ...(raw.max_sync_seconds !== undefined && { maxSyncMs: MS_PER_SECOND * raw.max_sync_seconds }),
  };
}

/** A form may send the object without its members. */
function parseExport(config: RawConfig, env: Environment): ExportConfig | undefined {
  const { export: raw, region } = config;
  const { s3_bucket: bucket, s3_bucket_owner: bucketOwner, s3_sse_kms_key_id: kmsKeyId } = raw;
  if (bucket === undefined) return undefined;
  return {
    bucket,
    ...parseS3Endpoint(config, env),
    prefix: parsePrefix(raw.s3_prefix ?? ''),
    region: raw.s3_region ?? region,
    ...(bucketOwner !== undefined && { bucketOwner }),
    ...(kmsKeyId !== undefined && { kmsKeyId }),
  };
}

/** Without slashes at its ends. @throws ConfigError for a prefix that URLs have no form for. */
function parsePrefix(text: string): string {
  const prefix = text.replace(/^\/+|\/+$/g, '');
  if (!prefix.split('/').some((part) => part === '.' || part === '..')) return prefix;
  throw new ConfigError(
    `"export.s3_prefix" (${JSON.stringify(text)}) has "." or ".." between its slashes, and exports below such a prefix cannot be read back. Choose a prefix without them.`,
  );
}

/**
 * @throws ConfigError for packed records of which attributes are left out: changes hold whole items.
 */
export function rejectPackedProjection({
  records,
  tableScans,
}: Pick<Config, 'records' | 'tableScans'>): void {
  const index = tableScans.findIndex(({ scan }) => scan.projection !== undefined);
  if (records.format !== 'packed' || index < 0) return;
  throw new ConfigError(
    `"table_options.${index}.projection" cannot be used with the replication method "Streams" and the record format "packed", since changes come with the whole item. Take it out, or choose the record format "columns".`,
  );
}

/**
 * A change stream tells of every item, so a snapshot of some would not fit its changes.
 *
 * @throws ConfigError for options with which a scan reads only a part of a table.
 */
export function rejectPartialReads({
  scan,
  tableScans,
}: Pick<Config, 'scan' | 'tableScans'>): void {
  const entries = [
    { path: 'scan', scan },
    ...tableScans.map(({ scan: own }, index) => ({ path: `table_options.${index}`, scan: own })),
  ];
  for (const entry of entries) {
    const option = findPartialOption(entry.scan);
    if (option === undefined) continue;
    const path = option === 'slice' ? 'scan.slice' : `${entry.path}.${option}`;
    throw new ConfigError(
      `"${path}" cannot be used with the replication method "Streams": a change stream tells of all items of a table, so the snapshot has to have all of them too. Take it out, or choose the replication method "Scan".`,
    );
  }
}

function findPartialOption({ slice, indexName, filter }: ScanConfig): string | undefined {
  if (slice !== undefined) return 'slice';
  if (indexName !== undefined) return 'index_name';
  return filter === undefined ? undefined : 'filter_expression';
}
