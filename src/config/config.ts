import type { TableSelection } from './table-selection.ts';

/** A role to assume, on top of whatever credentials come first. */
export interface RoleConfig {
  readonly arn: string;
  readonly externalId?: string;
  readonly sessionName: string;
  /** 900 to 43,200 seconds. */
  readonly durationSeconds: number;
}

/** An access key as IAM made it, or a temporary one with its session token. */
export interface AccessKey {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
}

/** Where credentials come from: an access key of the config, or AWS's default provider chain. */
export interface CredentialsConfig {
  readonly accessKey?: AccessKey;
  /** Profile of the AWS config files; only without `accessKey`. */
  readonly profile?: string;
  readonly role?: RoleConfig;
}

/** Which endpoints are spoken to. */
export interface EndpointConfig {
  readonly dynamodb?: string;
  readonly sts?: string;
  readonly useFips: boolean;
  readonly useDualstack: boolean;
}

/** How a table is scanned. */
export interface ScanConfig {
  /** Parallel segments; 0 means by the table's size. */
  readonly segments: number;
  /** Items a request may read; none means full 1 MB pages. */
  readonly pageSize?: number;
  readonly consistentRead: boolean;
}

/** How items become records. */
export interface RecordConfig {
  readonly format: 'columns' | 'packed';
  readonly nestedValues: 'json' | 'string';
  readonly numberValues: 'number' | 'string';
  readonly unlistedAttributes: 'drop' | 'emit';
}

/** The connector's configuration, validated and normalised. */
export interface Config {
  readonly region: string;
  readonly credentials: CredentialsConfig;
  readonly endpoints: EndpointConfig;
  readonly tables: TableSelection;
  readonly ignoreMissingReadPermissions: boolean;
  /** Items sampled per table for its schema; 0 means keys only. */
  readonly discoverSampleSize: number;
  readonly records: RecordConfig;
  readonly scan: ScanConfig;
  /** Longest time between two states of a moving stream; 0 means after every page. */
  readonly checkpointIntervalMs: number;
}
