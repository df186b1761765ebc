import {
  DescribeContinuousBackupsCommand,
  DescribeExportCommand,
  type ExportDescription,
  ExportTableToPointInTimeCommand,
  ListExportsCommand,
} from '@aws-sdk/client-dynamodb';
import type { DynamoDbConnection } from '../connection.ts';
import { sendMended } from '../calls/send-mended.ts';

/** Where an export goes. */
export interface ExportTarget {
  readonly bucket: string;
  /** Without slashes at its ends; empty for none. */
  readonly prefix: string;
  /** The account that owns the bucket, if it is another one. */
  readonly bucketOwner?: string;
  /** Of SSE-KMS; the bucket's own default without it. */
  readonly kmsKeyId?: string;
}

/** What an export is of: the table at a moment, or what changed in a window of time. Times are milliseconds since 1970. */
export type ExportScope =
  | { readonly kind: 'full'; readonly time: number }
  /** `from` is in the window, `to` is not. */
  | { readonly kind: 'incremental'; readonly from: number; readonly to: number };

/** An export as DynamoDB describes it. */
export interface DescribedExport {
  readonly arn: string;
  readonly status: 'IN_PROGRESS' | 'COMPLETED' | 'FAILED';
  /** Undefined where DynamoDB does not tell it. */
  readonly scope: ExportScope | undefined;
  readonly bucket: string;
  readonly prefix: string;
  /** Whether it has all items, as DynamoDB JSON. */
  readonly isReadable: boolean;
  /** Key of `manifest-summary.json`, once it is complete. */
  readonly manifest?: string;
  /** Why it failed. */
  readonly failure?: { readonly code: string; readonly message: string };
}

/** The point-in-time recovery of a table. Times are milliseconds since 1970. */
export interface Recovery {
  readonly isEnabled: boolean;
  readonly earliest?: number;
  readonly latest?: number;
}

/**
 * Starts an export, or finds the one that was started with the same token in the last eight hours.
 *
 * @see https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_ExportTableToPointInTime.html
 */
export async function startExport(
  connection: DynamoDbConnection,
  request: {
    readonly tableArn: string;
    readonly scope: ExportScope;
    readonly target: ExportTarget;
    readonly token: string;
  },
  abortSignal: AbortSignal,
): Promise<DescribedExport> {
  const { tableArn, scope, target, token } = request;
  const command = new ExportTableToPointInTimeCommand({
    TableArn: tableArn,
    ClientToken: token,
    S3Bucket: target.bucket,
    ExportFormat: 'DYNAMODB_JSON',
    ...(target.prefix !== '' && { S3Prefix: target.prefix }),
    ...(target.bucketOwner !== undefined && { S3BucketOwner: target.bucketOwner }),
    ...(target.kmsKeyId !== undefined && {
      S3SseAlgorithm: 'KMS',
      S3SseKmsKeyId: target.kmsKeyId,
    }),
    ...(scope.kind === 'full'
      ? { ExportType: 'FULL_EXPORT', ExportTime: new Date(scope.time) }
      : {
          ExportType: 'INCREMENTAL_EXPORT',
          IncrementalExportSpecification: {
            ExportFromTime: new Date(scope.from),
            ExportToTime: new Date(scope.to),
            // A delete has the item as it was.
            ExportViewType: 'NEW_AND_OLD_IMAGES',
          },
        }),
  });
  const answer = await sendMended(connection, () =>
    connection.client.send(command, { abortSignal }),
  );
  return readDescription(answer.ExportDescription);
}

/** @see https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_DescribeExport.html */
export async function describeExport(
  connection: DynamoDbConnection,
  arn: string,
  abortSignal: AbortSignal,
): Promise<DescribedExport> {
  const command = new DescribeExportCommand({ ExportArn: arn });
  const answer = await sendMended(connection, () =>
    connection.client.send(command, { abortSignal }),
  );
  return readDescription(answer.ExportDescription);
}

/** A page of the ARNs of a table's exports of the last 90 days. */
export interface ExportPage {
  readonly arns: readonly string[];
  readonly nextToken?: string;
}

/** @see https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_ListExports.html */
export async function listExports(
  connection: DynamoDbConnection,
  { tableArn, token }: { readonly tableArn: string; readonly token?: string | undefined },
  abortSignal: AbortSignal,
): Promise<ExportPage> {
  const command = new ListExportsCommand({ TableArn: tableArn, NextToken: token });
  const answer = await sendMended(connection, () =>
    connection.client.send(command, { abortSignal }),
  );
  return {
    arns: (answer.ExportSummaries ?? []).flatMap(({ ExportArn: arn }) => arn ?? []),
    ...(answer.NextToken !== undefined && { nextToken: answer.NextToken }),
  };
}

/** @see https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_DescribeContinuousBackups.html */
export async function describeRecovery(
  connection: DynamoDbConnection,
  table: string,
  abortSignal: AbortSignal,
): Promise<Recovery> {
  const command = new DescribeContinuousBackupsCommand({ TableName: table });
  const answer = await sendMended(connection, () =>
    connection.client.send(command, { abortSignal }),
  );
  const described = answer.ContinuousBackupsDescription?.PointInTimeRecoveryDescription ?? {};
  const { EarliestRestorableDateTime: earliest, LatestRestorableDateTime: latest } = described;
  return {
    isEnabled: described.PointInTimeRecoveryStatus === 'ENABLED',
    ...(earliest !== undefined && { earliest: earliest.getTime() }),
    ...(latest !== undefined && { latest: latest.getTime() }),
  };
}

function readDescription(description: ExportDescription = {}): DescribedExport {
  const { ExportStatus: status = 'IN_PROGRESS', ExportManifest: manifest } = description;
  const { FailureCode: code = '', FailureMessage: message = '' } = description;
  return {
    arn: description.ExportArn ?? '',
    status,
    scope: readScope(description),
    bucket: description.S3Bucket ?? '',
    prefix: (description.S3Prefix ?? '').replace(/^\/+|\/+$/g, ''),
    isReadable: description.ExportFormat !== 'ION' && description.FilterSpecification === undefined,
    ...(manifest !== undefined && { manifest: manifest.replace(/^s3:\/\/[^/]+\//, '') }),
    ...(status === 'FAILED' && { failure: { code, message } }),
  };
}

function readScope(description: ExportDescription): ExportScope | undefined {
  const { ExportTime: time, IncrementalExportSpecification: window } = description;
  if (description.ExportType !== 'INCREMENTAL_EXPORT') {
    return time && { kind: 'full', time: time.getTime() };
  }
  const { ExportFromTime: from, ExportToTime: to } = window ?? {};
  return from && to && { kind: 'incremental', from: from.getTime(), to: to.getTime() };
}
