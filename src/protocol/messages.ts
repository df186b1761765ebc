import type { FailureType } from '../errors.ts';

/**
 * The messages of the Airbyte protocol that this source writes.
 *
 * @see https://docs.airbyte.com/platform/understanding-airbyte/airbyte-protocol
 */
export type AirbyteMessage =
  | { readonly type: 'SPEC'; readonly spec: unknown }
  | { readonly type: 'CONNECTION_STATUS'; readonly connectionStatus: ConnectionStatus }
  | { readonly type: 'CATALOG'; readonly catalog: Catalog }
  | { readonly type: 'STATE'; readonly state: StateMessage }
  | { readonly type: 'LOG'; readonly log: LogMessage }
  | { readonly type: 'TRACE'; readonly trace: TraceMessage };

/** The answer to `check`; the message says why it failed. */
export interface ConnectionStatus {
  readonly status: 'SUCCEEDED' | 'FAILED';
  readonly message?: string;
}

/** The answer to `discover`. */
export interface Catalog {
  readonly streams: readonly StreamDefinition[];
}

/** Whether each sync reads the whole table, or only what is new since the last one. */
export type SyncMode = 'full_refresh' | 'incremental';

/** A stream as discover describes it. */
export interface StreamDefinition {
  readonly name: string;
  /** Its `properties` may be a Map, so that keys come first whatever they are called. */
  readonly json_schema: Readonly<Record<string, unknown>>;
  readonly supported_sync_modes: readonly SyncMode[];
  readonly source_defined_cursor: boolean;
  readonly default_cursor_field?: readonly string[];
  readonly source_defined_primary_key: readonly (readonly string[])[];
  readonly is_resumable: boolean;
}

/** What identifies a stream. */
export interface StreamDescriptor {
  readonly name: string;
  readonly namespace?: string;
}

/** The state of one stream. */
export interface StateMessage {
  readonly type: 'STREAM';
  readonly stream: {
    readonly stream_descriptor: StreamDescriptor;
    readonly stream_state: unknown;
  };
  /** Records of the stream since its previous state. */
  readonly sourceStats: { readonly recordCount: number };
}

/** How severe a line of the log is. */
export type LogLevel = 'FATAL' | 'ERROR' | 'WARN' | 'INFO' | 'DEBUG';

/** A line of the log. */
export interface LogMessage {
  readonly level: LogLevel;
  readonly message: string;
}

/** The status of a stream's read; the last two end it. */
export type StreamStatus = 'STARTED' | 'RUNNING' | 'COMPLETE' | 'INCOMPLETE';

/** Why a RUNNING stream makes no progress. */
export interface StatusReason {
  readonly type: 'RATE_LIMITED';
}

/** `emitted_at` is in milliseconds since 1970. */
export type TraceMessage =
  | {
      readonly type: 'ERROR';
      readonly emitted_at: number;
      readonly error: {
        readonly message: string;
        readonly internal_message?: string;
        readonly stack_trace?: string;
        readonly failure_type: FailureType;
        readonly stream_descriptor?: StreamDescriptor;
      };
    }
  | {
      readonly type: 'ESTIMATE';
      readonly emitted_at: number;
      readonly estimate: {
        readonly name: string;
        readonly namespace?: string;
        readonly type: 'STREAM';
        readonly row_estimate: number;
        readonly byte_estimate: number;
      };
    }
  | {
      readonly type: 'STREAM_STATUS';
      readonly emitted_at: number;
      readonly stream_status: {
        readonly stream_descriptor: StreamDescriptor;
        readonly status: StreamStatus;
        readonly reasons?: readonly StatusReason[];
      };
    };
