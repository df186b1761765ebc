import { awsError, type FakeAws, type Handler, success } from '../fake-aws.ts';
import type { JsonObject } from '../json.ts';
import {
  type Bucket,
  changeLine,
  type FileOfLines,
  fullLine,
  writeExport,
} from './export-writer.ts';
import type { TableHistory } from './table-history.ts';

const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;
// How far the latest moment that can be restored lies behind.
const LAG_MS = 5 * MINUTE_MS;
const TOKEN_LIFE_MS = 8 * 60 * MINUTE_MS;
const MICROSECONDS_PER_MS = 1000;
const EXPORTS_A_PAGE = 2;

/** What exports of one table are faked with. */
export interface FakeExportsOptions {
  readonly aws: FakeAws;
  readonly table: string;
  readonly history: TableHistory;
  readonly objects: Bucket;
  /** AWS's time in milliseconds since 1970. */
  readonly now: () => number;
  /** How long an export takes. */
  readonly durationMs: number;
  /** Data files of an export. */
  readonly files: number;
  readonly members?: number;
}

/** An export that was started. */
export interface StartedExport {
  readonly arn: string;
  readonly scope:
    | { readonly kind: 'full'; readonly time: number }
    | { readonly kind: 'incremental'; readonly from: number; readonly to: number };
  readonly startedAt: number;
  readonly input: JsonObject;
}

/** The control plane of exports, for one table. */
export interface FakeExports {
  readonly started: readonly StartedExport[];
  readonly tableArn: string;
  /** Milliseconds since 1970; recovery reaches back to it. */
  earliest: number;
  isEnabled: boolean;
  /** Fails the exports that are under way or started from now on; undefined ends that. */
  failure: { readonly code: string; readonly message: string } | undefined;
  /** Forgets an export, as DynamoDB does after 90 days. */
  forget(arn: string): void;
}

/** Has the fake AWS know exports of a table, which are written into the bucket when they are done. */
export function fakeExports(options: FakeExportsOptions): FakeExports {
  const { aws, table, now } = options;
  const tableArn = `arn:aws:dynamodb:${aws.region}:123456789012:table/${table}`;
  const started: StartedExport[] = [];
  const forgotten = new Set<string>();
  const written = new Set<string>();
  /** A failed export stays one. */
  const failed = new Map<string, { readonly code: string; readonly message: string }>();
  const state = {
    ...{ started, tableArn, earliest: 0, isEnabled: true },
    failure: undefined as FakeExports['failure'],
    forget: (arn: string) => void forgotten.add(arn),
  };
  const describe = (one: StartedExport): JsonObject => {
    const isDone = now() >= one.startedAt + options.durationMs;
    if (isDone && state.failure !== undefined && !written.has(one.arn)) {
      failed.set(one.arn, state.failure);
    }
    const failure = failed.get(one.arn);
    if (isDone && failure === undefined && !written.has(one.arn)) {
      written.add(one.arn);
      write(options, one, tableArn);
    }
    return toDescription(one, tableArn, isDone ? (failure ?? 'COMPLETED') : 'IN_PROGRESS');
  };

  const start: Handler = (input) => {
    const refusal = refuse(input, state, now());
    if (refusal !== undefined) return refusal;
    const same = started.find(
      (one) => one.input.ClientToken === input.ClientToken && now() < one.startedAt + TOKEN_LIFE_MS,
    );
    if (same !== undefined) {
      return JSON.stringify(same.input) === JSON.stringify(input)
        ? success({ ExportDescription: describe(same) })
        : awsError('ExportConflictException', 'The token was used with other parameters.');
    }
    const id = `0${now()}-${String(started.length).padStart(8, '0')}`;
    const one = {
      arn: `${tableArn}/export/${id}`,
      startedAt: now(),
      input,
      scope: readScope(input),
    };
    started.push(one);
    return success({ ExportDescription: describe(one) });
  };

  aws.on('ExportTableToPointInTime', start);
  aws.on('DescribeExport', ({ ExportArn: arn }) => {
    const one = started.find((candidate) => candidate.arn === arn && !forgotten.has(candidate.arn));
    return one === undefined
      ? awsError('ExportNotFoundException', 'Export not found')
      : success({ ExportDescription: describe(one) });
  });
  aws.on('ListExports', ({ NextToken: token }) => {
    const first = Number(token ?? 0);
    const known = started.filter(({ arn }) => !forgotten.has(arn));
    const next = first + EXPORTS_A_PAGE;
    return success({
      ExportSummaries: known
        .slice(first, next)
        .map((one) => describe(one))
        .map(({ ExportArn, ExportStatus, ExportType }) => ({
          ExportArn,
          ExportStatus,
          ExportType,
        })),
      ...(next < known.length && { NextToken: String(next) }),
    });
  });
  aws.on('DescribeContinuousBackups', () =>
    success({
      ContinuousBackupsDescription: {
        ContinuousBackupsStatus: 'ENABLED',
        PointInTimeRecoveryDescription: state.isEnabled
          ? {
              PointInTimeRecoveryStatus: 'ENABLED',
              RecoveryPeriodInDays: 35,
              EarliestRestorableDateTime: state.earliest / 1000,
              LatestRestorableDateTime: (now() - LAG_MS) / 1000,
            }
          : { PointInTimeRecoveryStatus: 'DISABLED' },
      },
    }),
  );
  return state;
}

function refuse(input: JsonObject, state: FakeExports, now: number) {
  if (!state.isEnabled) {
    return awsError(
      'PointInTimeRecoveryUnavailableException',
      'Point in time recovery is not enabled',
    );
  }
  const scope = readScope(input);
  const from = scope.kind === 'full' ? scope.time : scope.from;
  const to = scope.kind === 'full' ? scope.time : scope.to;
  const length = to - from;
  const isWindow = scope.kind === 'full' || (length >= 15 * MINUTE_MS && length <= DAY_MS);
  const latest = now - LAG_MS;
  if (isWindow && from >= state.earliest && to <= latest) return undefined;
  return awsError(
    'InvalidExportTimeException',
    'The specified ExportTime is outside of the point in time recovery window.',
  );
}

function readScope(input: JsonObject): StartedExport['scope'] {
  const window = input.IncrementalExportSpecification as JsonObject | undefined;
  return window === undefined
    ? { kind: 'full', time: 1000 * Number(input.ExportTime) }
    : {
        kind: 'incremental',
        from: 1000 * Number(window.ExportFromTime),
        to: 1000 * Number(window.ExportToTime),
      };
}

function toDescription(
  { arn, input, startedAt }: StartedExport,
  tableArn: string,
  status: string | { readonly code: string; readonly message: string },
): JsonObject {
  const { ClientToken, S3Bucket, S3Prefix, ExportTime, ExportType, ExportFormat } = input;
  const folder = `${typeof S3Prefix === 'string' ? `${S3Prefix}/` : ''}AWSDynamoDB`;
  return {
    ExportArn: arn,
    ExportStatus: typeof status === 'string' ? status : 'FAILED',
    StartTime: startedAt / 1000,
    TableArn: tableArn,
    ...{ ClientToken, S3Bucket, ExportType, ExportFormat },
    ...(S3Prefix !== undefined && { S3Prefix }),
    ...(ExportTime !== undefined && { ExportTime }),
    ...(input.IncrementalExportSpecification !== undefined && {
      IncrementalExportSpecification: input.IncrementalExportSpecification,
    }),
    ...(status === 'COMPLETED' && {
      ExportManifest: `${folder}/${arn.split('/').at(-1) ?? ''}/manifest-summary.json`,
    }),
    ...(typeof status !== 'string' && { FailureCode: status.code, FailureMessage: status.message }),
  } as JsonObject;
}

function write(options: FakeExportsOptions, one: StartedExport, tableArn: string): void {
  const { history, objects, members } = options;
  const { scope, input, startedAt, arn } = one;
  const id = arn.split('/').at(-1) ?? '';
  const lines =
    scope.kind === 'full'
      ? [...history.asOf(MICROSECONDS_PER_MS * scope.time).values()].map(fullLine)
      : history
          .changes(MICROSECONDS_PER_MS * scope.from, MICROSECONDS_PER_MS * scope.to)
          .map(changeLine);
  writeExport(objects, {
    ...{ id, tableArn, scope, bucket: input.S3Bucket as string, startTime: startedAt },
    prefix: typeof input.S3Prefix === 'string' ? input.S3Prefix : '',
    files: spread(lines, options.files, id),
    ...(members !== undefined && { members }),
  });
}

/** Deals the lines out to files, some of which may stay empty. */
function spread(lines: readonly string[], files: number, id: string): readonly FileOfLines[] {
  return Array.from({ length: files }, (_, index) => ({
    name: `${id.slice(1)}${index}`.replace(/\W/g, ''),
    lines: lines.filter((_line, number) => number % files === index),
  }));
}
