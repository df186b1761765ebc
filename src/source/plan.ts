import type { Config } from '../config/config.ts';
import type { DynamoDbConnection } from '../aws/connection.ts';
import type { Table } from '../aws/dynamodb/tables.ts';
import { ConfigError, type ConnectorError } from '../errors.ts';
import type { ConfiguredStream } from '../protocol/configured-catalog.ts';
import type { Logger } from '../protocol/logger.ts';
import { createRecordLine } from '../protocol/record-line.ts';
import { readListedAttributes } from '../records/listed-attributes.ts';
import type { TranscoderEngine } from '../records/transcoder-engine.ts';
import type { ReadStrategy, StreamState } from '../strategies/read-strategy.ts';
import { ScanProgress } from '../strategies/scan/scan-progress.ts';
import type { ScanSettings } from '../strategies/scan/scan-settings.ts';
import {
  isSameScope,
  parseSavedScan,
  type SavedScan,
  type ScanScope,
} from '../strategies/scan/scan-state.ts';
import { ScanStrategy } from '../strategies/scan/scan-strategy.ts';

/** What a plan is made from. */
export interface PlanInput {
  readonly config: Config;
  readonly connection: DynamoDbConnection;
  readonly logger: Logger;
  readonly stream: ConfiguredStream;
  readonly table: Table;
  readonly settings: ScanSettings;
  /** The stream's state of an earlier read; undefined without one. */
  readonly savedState: unknown;
  readonly onRetry: (error: ConnectorError, pauseMs: number) => void;
  readonly onRateLimit: (isLimited: boolean) => void;
  /** Serves all streams. */
  readonly engine: TranscoderEngine;
}

/** How a stream is read: by a strategy, or not at all because an earlier attempt of the same job finished it. */
export type Plan =
  | { readonly kind: 'finished'; readonly state: StreamState }
  | { readonly kind: 'read'; readonly strategy: ReadStrategy };

/**
 * Chooses how to read a stream from where its state left off.
 *
 * @throws ConfigError for a state that cannot be read, or that another replication method wrote.
 */
export function planRead(input: PlanInput): Plan {
  const saved = readSavedState(input);
  const { stream, logger, savedState } = input;
  // The user's next sync gives the finished state back too, but an incremental stream wants to be read again then.
  if (saved.kind === 'finished' && stream.syncMode === 'full_refresh') {
    return { kind: 'finished', state: savedState as StreamState };
  }
  if (saved.kind === 'running') {
    const progress = ScanProgress.resume(saved.scan);
    logger.info(
      `${stream.descriptor.name}: resuming a scan in ${progress.totalSegments} segments, ${progress.openCount} of them not complete.`,
    );
    return { kind: 'read', strategy: createScan(input, progress) };
  }
  if (stream.syncMode === 'incremental' && stream.cursorField.length > 0) {
    logger.warn(
      `${stream.descriptor.name}: the cursor ${stream.cursorField.join('.')} is not used; the whole table is read.`,
    );
  }
  const { totalSegments, scope } = input.settings;
  return { kind: 'read', strategy: createScan(input, new ScanProgress(totalSegments, scope)) };
}

function readSavedState(input: PlanInput): SavedScan {
  const { stream, savedState, logger } = input;
  const { name } = stream.descriptor;
  if (savedState === undefined || savedState === null) return { kind: 'none' };
  if (typeof savedState !== 'object' || Array.isArray(savedState)) throw rejectState(name);
  const state = savedState as StreamState;
  if (Object.keys(state).length === 0) return { kind: 'none' };
  if ('stream' in state || 'export' in state) throw rejectState(name);
  if ('cursor' in state || 'cursor_field' in state) {
    logger.warn(`${name}: the state is of a cursor; the whole table is read anew.`);
    return { kind: 'none' };
  }
  const saved = parseSavedScan(state);
  if (saved === undefined || saved.kind === 'none') throw rejectState(name);
  rejectOtherScan(input, saved);
  return saved;
}

function rejectState(stream: string): ConfigError {
  return new ConfigError(
    `The state of the stream ${stream} is not one of a scan that this source can go on with. Clear the stream to read it anew.`,
  );
}

/** @throws ConfigError when the state was written for another slice or index, or other segments of all slices. */
function rejectOtherScan({ stream, settings }: PlanInput, saved: SavedScan): void {
  if (saved.kind === 'none') return;
  const { name } = stream.descriptor;
  const scope = saved.kind === 'running' ? saved.scan : saved.scope;
  if (!isSameScope(scope, settings.scope)) {
    throw new ConfigError(
      `The state of the stream ${name} is of ${describeScope(scope)}, but the config asks for ${describeScope(settings.scope)}. Give each slice and index a state of its own, or clear the stream to read it anew.`,
    );
  }
  const { totalSegments } = settings;
  // Slices that do not cut the table alike would leave some of it out, or read some of it twice.
  if (scope.slice === undefined) return;
  const savedSegments = saved.kind === 'finished' ? saved.totalSegments : saved.scan.total_segments;
  if (savedSegments === totalSegments) return;
  throw new ConfigError(
    `The state of the stream ${name} is of a slice of ${savedSegments} segments, but the config asks for ${totalSegments}. All slices need the same: set "segments" back, or clear the stream in every slice.`,
  );
}

function describeScope({ slice, index_name: indexName }: ScanScope): string {
  const share = slice === undefined ? 'the whole' : `slice ${slice.index} of ${slice.count}`;
  return `${share} of ${indexName === undefined ? 'the table' : `the index ${indexName}`}`;
}

function createScan(input: PlanInput, progress: ScanProgress): ReadStrategy {
  const { config, connection, settings, stream, table, onRetry, onRateLimit } = input;
  const listed = readListedAttributes(stream.jsonSchema, config.records);
  if (config.records.format === 'packed' && listed?.has('data') === false) {
    input.logger.warn(
      `${stream.descriptor.name}: records are packed, but the configured catalog has no column data. Refresh the source's schema to get the items.`,
    );
  }
  const records = {
    line: createRecordLine(stream.descriptor),
    config: config.records,
    listed,
    keys: table.keys.map((key) => key.name),
  };
  const { engine } = input;
  return new ScanStrategy({
    connection,
    settings,
    progress,
    engine,
    records,
    onRetry,
    onRateLimit,
  });
}
