import type { JsonObject } from './json.ts';

export interface StreamDescriptor {
  readonly name: string;
  readonly namespace?: string;
}

export interface RecordPayload {
  readonly stream: string;
  readonly data: JsonObject;
  readonly emitted_at: number;
}

export interface StatePayload {
  readonly type: 'STREAM';
  readonly stream: {
    readonly stream_descriptor: StreamDescriptor;
    readonly stream_state: JsonObject;
  };
  readonly sourceStats?: { readonly recordCount: number };
}

export interface LogPayload {
  readonly level: 'FATAL' | 'ERROR' | 'WARN' | 'INFO' | 'DEBUG' | 'TRACE';
  readonly message: string;
  readonly stack_trace?: string;
}

export type StreamStatus = 'STARTED' | 'RUNNING' | 'COMPLETE' | 'INCOMPLETE';

export interface ErrorPayload {
  readonly message: string;
  readonly internal_message?: string;
  readonly stack_trace?: string;
  readonly failure_type?: 'system_error' | 'config_error' | 'transient_error';
  readonly stream_descriptor?: StreamDescriptor;
}

export interface EstimatePayload {
  readonly name: string;
  readonly type: 'STREAM' | 'SYNC';
  readonly row_estimate?: number;
  readonly byte_estimate?: number;
}

export type TracePayload = { readonly emitted_at: number } & (
  | { readonly type: 'ERROR'; readonly error: ErrorPayload }
  | { readonly type: 'ESTIMATE'; readonly estimate: EstimatePayload }
  | {
      readonly type: 'STREAM_STATUS';
      readonly stream_status: {
        readonly stream_descriptor: StreamDescriptor;
        readonly status: StreamStatus;
        readonly reasons?: readonly JsonObject[];
      };
    }
  | { readonly type: 'ANALYTICS'; readonly analytics: JsonObject }
);

export interface CatalogStream {
  readonly name: string;
  readonly json_schema: JsonObject;
  readonly supported_sync_modes: readonly SyncMode[];
  readonly source_defined_cursor?: boolean;
  readonly default_cursor_field?: readonly string[];
  readonly source_defined_primary_key?: readonly (readonly string[])[];
  readonly namespace?: string;
  readonly is_resumable?: boolean;
}

export type SyncMode = 'full_refresh' | 'incremental';

export interface CatalogPayload {
  readonly streams: readonly CatalogStream[];
}

export interface SpecPayload {
  readonly connectionSpecification: JsonObject;
  readonly documentationUrl?: string;
  readonly supportsIncremental?: boolean;
  readonly supported_destination_sync_modes?: readonly string[];
  readonly protocol_version?: string;
}

export interface ConnectionStatusPayload {
  readonly status: 'SUCCEEDED' | 'FAILED';
  readonly message?: string;
}

/**
 * A line of stdout as the platform reads it. Declared here and not taken from src/, so that a wrong declaration
 * there is not agreed with by the tests.
 */
export type Message =
  | { readonly type: 'SPEC'; readonly spec: SpecPayload }
  | { readonly type: 'CONNECTION_STATUS'; readonly connectionStatus: ConnectionStatusPayload }
  | { readonly type: 'CATALOG'; readonly catalog: CatalogPayload }
  | { readonly type: 'RECORD'; readonly record: RecordPayload }
  | { readonly type: 'STATE'; readonly state: StatePayload }
  | { readonly type: 'LOG'; readonly log: LogPayload }
  | { readonly type: 'TRACE'; readonly trace: TracePayload };

const PAYLOAD_NAMES: ReadonlyMap<string, string> = new Map([
  ['SPEC', 'spec'],
  ['CONNECTION_STATUS', 'connectionStatus'],
  ['CATALOG', 'catalog'],
  ['RECORD', 'record'],
  ['STATE', 'state'],
  ['LOG', 'log'],
  ['TRACE', 'trace'],
]);

/** Parses one line of stdout; throws with the line when it is not JSON, or no message with its payload. */
export function parseMessage(line: string): Message {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch (cause) {
    throw new Error(`stdout carries a line that is not JSON: ${excerpt(line)}`, { cause });
  }
  if (!isMessage(value))
    throw new Error(`stdout carries a line that is no message: ${excerpt(line)}`);
  return value;
}

function isMessage(value: unknown): value is Message {
  if (typeof value !== 'object' || value === null || !('type' in value)) return false;
  const payloadName = typeof value.type === 'string' ? PAYLOAD_NAMES.get(value.type) : undefined;
  if (payloadName === undefined) return false;
  const payload: unknown = Object.getOwnPropertyDescriptor(value, payloadName)?.value;
  return typeof payload === 'object' && payload !== null;
}

function excerpt(line: string): string {
  return line.length > 300 ? `${line.slice(0, 300)}… (${line.length} characters)` : line;
}
