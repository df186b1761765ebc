import type { TableSelection } from './table-selection.ts';

/** A role to assume with the other credentials. */
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

/** Which endpoints are used. */
export interface EndpointConfig {
  readonly dynamodb?: string;
  readonly sts?: string;
  /** Of DynamoDB Streams; that of DynamoDB without it. */
  readonly streams?: string;
  /** Undefined if the config does not say, so that AWS's environment decides. */
  readonly useFips: boolean | undefined;
  readonly useDualstack: boolean | undefined;
}

/** How much of a table's read capacity a scan may use; if both are set, the smaller one applies. */
export interface ReadLimit {
  /** Read units per second. */
  readonly maxReadCapacityUnits?: number;
  /** Percentage of the read capacity that DescribeTable reports. */
  readonly readCapacityPercent?: number;
}

/** The share of a scan that this connection reads: the segments whose number modulo `count` is `index`. */
export interface ScanSlice {
  readonly index: number;
  readonly count: number;
}

/** A filter that DynamoDB applies after it has read, and billed, an item. */
export interface FilterConfig {
  readonly expression: string;
  /** What the `#` names of the expression stand for. */
  readonly names: Readonly<Record<string, string>>;
  /** What the `:` values of the expression stand for, in DynamoDB JSON. */
  readonly values: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}

/** How a table is scanned. */
export interface ScanConfig {
  /** Parallel segments; 0 means by the table's size. */
  readonly segments: number;
  /** How many items a request may read; none means full 1 MB pages. */
  readonly pageSize?: number;
  readonly consistentRead: boolean;
  /** Whether `table_options` asks for consistent reads, so that they must not be replaced silently. */
  readonly insistsOnConsistentRead: boolean;
  /** Whether DynamoDB is asked to compress its responses. */
  readonly compressResponses: boolean;
  readonly readLimit: ReadLimit;
  readonly slice?: ScanSlice;
  /** A secondary index to scan instead of the table. */
  readonly indexName?: string;
  readonly filter?: FilterConfig;
  /** The attributes to read besides the keys; none means all. */
  readonly projection?: readonly string[];
  /** Where exports are read instead: the key of the `manifest-summary.json` of the full export to begin with. */
  readonly exportManifest?: string;
  /** How far each read by a cursor reaches back behind the saved one, if that is a number: a number of at least 0. */
  readonly cursorOverlap?: string;
}

/** How tables with certain names are scanned: an entry of `table_options`. */
export interface TableScan {
  /** The name or glob, as in the config. */
  readonly pattern: string;
  readonly matches: (table: string) => boolean;
  readonly scan: ScanConfig;
}

/** How items become records. */
export interface RecordConfig {
  readonly format: 'columns' | 'packed';
  readonly nestedValues: 'json' | 'string';
  readonly numberValues: 'number' | 'string';
  readonly unlistedAttributes: 'drop' | 'emit';
}

/** How tables are read: what `replication_method` chooses. */
export type ReplicationConfig = ScanReplication | StreamsReplication | ExportReplication;

/** Tables are scanned. */
export interface ScanReplication {
  readonly method: 'scan';
  /** How far a saved cursor that is a time stays behind the start of its read. */
  readonly cursorMarginMs: number;
}

/** Exports of tables are read. */
export interface ExportReplication {
  readonly method: 'export';
  /** Whether exports are started, or only those are read that lie in the bucket. */
  readonly source: 'new' | 'existing';
}

/** Which endpoint of S3 is spoken to. */
export interface S3EndpointConfig {
  /** A custom one, instead of S3's own. */
  readonly endpoint?: string;
  readonly usesFips: boolean;
  readonly usesDualstack: boolean;
}

/** Where exports of tables lie, and where new ones go. */
export interface ExportConfig extends S3EndpointConfig {
  readonly bucket: string;
  /** Without slashes at its ends; empty for none. */
  readonly prefix: string;
  /** The account that owns the bucket. */
  readonly bucketOwner?: string;
  /** Where the bucket is looked for first. */
  readonly region: string;
  /** Of SSE-KMS; the bucket's own default without it. */
  readonly kmsKeyId?: string;
}

/** The changes of tables are read from their change streams. */
export interface StreamsReplication {
  readonly method: 'streams';
  /** What comes before the changes. */
  readonly snapshot: 'scan' | 'export' | 'none';
  /** What happens where changes are lost: the sync fails, a new snapshot is made, or exports tell of them. */
  readonly onGap: 'fail' | 'resync' | 'recover';
  /** Whether deletes carry the item as it was, where the change stream has it. */
  readonly includeOldImage: boolean;
  /** When a sync of a table ends whatever is left. */
  readonly maxSyncMs?: number;
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
  readonly replication: ReplicationConfig;
  /** For a method that uses exports. */
  readonly export?: ExportConfig;
  /** How tables that no entry of `tableScans` matches are scanned. */
  readonly scan: ScanConfig;
  /** The first entry that matches a table's name applies. */
  readonly tableScans: readonly TableScan[];
  /** Longest time between two states of a stream that is making progress; 0 means after every page. */
  readonly checkpointIntervalMs: number;
  /** How many streams are read at the same time, 1 to 16. */
  readonly concurrentStreams: number;
  /** A sentence for each thing in the config that has no effect. */
  readonly warnings: readonly string[];
}
