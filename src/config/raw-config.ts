import type { RawScan, RawTableOptions } from './parse-scan.ts';

/** The config as the user writes it, after it has been cleaned, validated against spec.json and given its defaults. */
export interface RawConfig {
  readonly region: string;
  readonly credentials: RawCredentials;
  readonly endpoint?: string;
  readonly sts_endpoint?: string;
  readonly s3_endpoint?: string;
  readonly streams_endpoint?: string;
  readonly use_fips_endpoint?: boolean;
  readonly use_dualstack_endpoint?: boolean;
  readonly tables: readonly string[];
  readonly exclude_tables: readonly string[];
  readonly ignore_missing_read_permissions_tables: boolean;
  readonly discover_sample_size: number;
  readonly record_format: 'columns' | 'packed';
  readonly nested_values: 'json' | 'string';
  readonly number_values: 'number' | 'string';
  readonly unlisted_attributes: 'drop' | 'emit';
  readonly replication_method: RawReplication;
  readonly export: RawExport;
  readonly scan: RawScan;
  readonly table_options: readonly RawTableOptions[];
  readonly checkpoint_target_interval_seconds: number;
  readonly concurrent_streams: number;
}

/** The `credentials` of a config; `auth_type` determines which members are present. */
export interface RawCredentials {
  readonly auth_type: 'AssumeRole' | 'User' | 'Role';
  readonly access_key_id?: string;
  readonly secret_access_key?: string;
  readonly session_token?: string;
  readonly profile?: string;
  readonly role_arn?: string;
  readonly external_id?: string;
  /** Has a default if a role may be assumed. */
  readonly role_session_name?: string;
  readonly role_session_duration_seconds?: number;
}

/** Its `replication_method`. */
export type RawReplication =
  | { readonly method: 'Scan'; readonly cursor_margin_seconds: number }
  | {
      readonly method: 'Streams';
      readonly initial_snapshot: 'scan' | 'export' | 'none';
      readonly invalid_cdc_cursor_position_behavior:
        'Fail sync' | 'Re-sync data' | 'Recover by export';
      readonly include_old_image: boolean;
      readonly max_sync_seconds?: number;
    }
  | { readonly method: 'Export'; readonly exports: 'Start new' | 'Use existing' };

/** Its `export`. */
export interface RawExport {
  readonly s3_bucket?: string;
  readonly s3_prefix?: string;
  readonly s3_bucket_owner?: string;
  readonly s3_region?: string;
  readonly s3_sse_kms_key_id?: string;
}
