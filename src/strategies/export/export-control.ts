import { hash } from 'node:crypto';
import {
  callPatiently,
  type CallDescription,
  type Patience,
} from '../../aws/calls/patient-call.ts';
import type { DynamoDbConnection } from '../../aws/connection.ts';
import {
  describeExport,
  type DescribedExport,
  describeRecovery,
  type ExportScope,
  type ExportTarget,
  listExports,
  startExport,
} from '../../aws/dynamodb/exports.ts';
import { describeRecoveryOff } from '../../aws/errors/dynamodb-errors.ts';
import { ConfigError, type ConnectorError, isOfReason, TransientError } from '../../errors.ts';
import { describeScope } from './files/export-manifest.ts';
import { readStartTime } from './export-time.ts';
import type { RecoveryPeriod } from './export-windows.ts';

// Where DynamoDB does not tell the latest moment that can be exported, it is some five minutes ago.
const USUAL_LAG_MS = 5 * 60_000;
// Codes of failures that are not the user's.
const PASSING_FAILURE = /internal|unavailable|throttl|timeout/i;
// "Access Denied (Service: Amazon S3; Status Code: 403; Error Code: AccessDenied; …)": it does not name the action.
const DENIAL = /access ?denied|not authorized/i;
// More of them in eight hours are no bad luck.
const MOST_FAILURES = 20;
// The time of its id is long ago.
const UNKNOWN_EXPORT = '01000000000000-00000000';

/** What exports of a table are controlled with. */
export interface ExportControlInput {
  readonly connection: DynamoDbConnection;
  readonly patience: Patience;
  /** Name or ARN, as requests carry it. */
  readonly table: string;
  readonly tableArn: string;
  readonly target: ExportTarget;
}

/** Starts exports of one table, finds them again, and looks how they go. */
export class ExportControl {
  readonly #input: ExportControlInput;

  constructor(input: ExportControlInput) {
    this.#input = input;
  }

  /**
   * How far back and up to when the table can be exported.
   *
   * @throws ConfigError with the reason `no recovery` when point-in-time recovery is not enabled.
   */
  async fetchRecovery(): Promise<RecoveryPeriod> {
    const { connection, table } = this.#input;
    const action = 'dynamodb:DescribeContinuousBackups';
    const recovery = await this.#call({ action, resource: table }, (signal) =>
      describeRecovery(connection, table, signal),
    );
    if (!recovery.isEnabled) {
      throw new ConfigError(describeRecoveryOff(table), { reason: 'no recovery' });
    }
    const { latest = connection.clock.now() - USUAL_LAG_MS } = recovery;
    return { latest, earliest: recovery.earliest ?? latest };
  }

  /**
   * Starts an export; one that was started with the same scope and target in the last eight hours is found instead,
   * unless it has failed.
   */
  async start(scope: ExportScope): Promise<DescribedExport> {
    const { connection, table, tableArn, target } = this.#input;
    const call = { action: 'dynamodb:ExportTableToPointInTime', resource: table };
    for (let failures = 0; ; failures++) {
      const token = createToken({ tableArn, scope, target, failures });
      const started = await this.#call(call, (signal) =>
        startExport(connection, { tableArn, scope, target, token }, signal),
      );
      if (started.status !== 'FAILED' || failures === MOST_FAILURES) return started;
    }
  }

  /** Looks how an export goes. @throws ConfigError with the reason `nothing there` for one that DynamoDB does not know. */
  describe(arn: string): Promise<DescribedExport> {
    const { connection } = this.#input;
    return this.#call({ action: 'dynamodb:DescribeExport', resource: arn }, (signal) =>
      describeExport(connection, arn, signal),
    );
  }

  /** As `describe`; undefined for an export that DynamoDB does not know, or knows no more. */
  async describeUnlessGone(arn: string): Promise<DescribedExport | undefined> {
    try {
      return await this.describe(arn);
    } catch (error) {
      if (isOfReason(error, 'nothing there')) return undefined;
      throw error;
    }
  }

  /**
   * Tries whether exports can be listed and described, which is needed after one has been started and is to be paid.
   *
   * @throws ConfigError for what is denied, and TransientError.
   */
  async tryFollowing(): Promise<void> {
    await this.#list();
    // There may be none yet. Who may not describe exports is told so of those that do not exist, too.
    await this.describe(`${this.#input.tableArn}/export/${UNKNOWN_EXPORT}`).catch(
      (error: unknown) => {
        if (!isOfReason(error, 'nothing there', 'refused')) throw error;
      },
    );
  }

  /**
   * Finds an export of the table to the same place that has not failed, the newest first.
   *
   * @param since exports that were started before are not looked at; milliseconds since 1970.
   */
  async find(
    fits: (found: DescribedExport) => boolean | Promise<boolean>,
    since: number,
  ): Promise<DescribedExport | undefined> {
    const { bucket, prefix } = this.#input.target;
    const all = (await this.#list()).map((arn) => ({ arn, startedAt: readStartTime(arn) }));
    const recent = all.filter(({ startedAt }) => startedAt >= since);
    for (const { arn } of recent.sort((a, b) => b.startedAt - a.startedAt)) {
      const found = await this.describe(arn);
      const isHere = found.bucket === bucket && found.prefix === prefix;
      const isUsable = isHere && found.isReadable && found.status !== 'FAILED';
      if (isUsable && (await fits(found))) return found;
    }
    return undefined;
  }

  async #list(): Promise<readonly string[]> {
    const { connection, table, tableArn } = this.#input;
    const arns: string[] = [];
    let token: string | undefined;
    do {
      const given = token;
      const page = await this.#call({ action: 'dynamodb:ListExports', resource: table }, (signal) =>
        listExports(connection, { tableArn, token: given }, signal),
      );
      arns.push(...page.arns);
      token = page.nextToken;
    } while (token !== undefined);
    return arns;
  }

  #call<Result>(
    call: CallDescription,
    send: (signal: AbortSignal) => Promise<Result>,
  ): Promise<Result> {
    const { connection, patience } = this.#input;
    return callPatiently(connection, call, patience, () => send(patience.signal));
  }
}

/** An error for an export that failed, or that DynamoDB knows no more. */
export function createFailure(
  table: string,
  arn: string,
  described: DescribedExport | undefined,
): ConnectorError {
  if (described === undefined) {
    return new ConfigError(
      `DynamoDB does not know the export of ${table} that was started (${arn}). Sync again: a new export is started then.`,
    );
  }
  const { failure: { code, message } = { code: '', message: '' }, scope, bucket } = described;
  const what = scope === undefined ? '' : ` ${describeScope(scope)}`;
  const reason = [code, message.replace(/\.$/, '')].filter((text) => text !== '').join(': ');
  if (reason === '') {
    return new TransientError(
      `The export of ${table}${what} failed, and DynamoDB does not say why. Sync again: a new export is started then. Ask AWS if that fails too.`,
    );
  }
  if (DENIAL.test(reason)) {
    return new ConfigError(
      `The export of ${table}${what} failed: ${reason}. DynamoDB writes it with the permissions of the user or role that starts it: allow s3:PutObject, s3:PutObjectAcl and s3:AbortMultipartUpload on the bucket ${bucket}, and kms:GenerateDataKey and kms:Decrypt on its KMS key if it has one. Then sync again: a new export is started.`,
    );
  }
  const kind = PASSING_FAILURE.test(code) ? TransientError : ConfigError;
  return new kind(
    `The export of ${table}${what} failed: ${reason}. Mend that, or wait if it is a fault of AWS, and sync again: a new export is started then.`,
  );
}

/** What the token of an export is made from. */
interface TokenParts {
  readonly tableArn: string;
  readonly scope: ExportScope;
  readonly target: ExportTarget;
  /** Exports of the same that have failed in the last hours, each of which has its token. */
  readonly failures: number;
}

/** The same for an export that is asked for again, and another one for any that differs. */
function createToken({ tableArn, scope, target, failures }: TokenParts): string {
  const { bucket, prefix, bucketOwner, kmsKeyId } = target;
  const times = scope.kind === 'full' ? [scope.time] : [scope.from, scope.to];
  const parts = [tableArn, scope.kind, times, bucket, prefix, bucketOwner, kmsKeyId];
  const text = JSON.stringify(failures === 0 ? parts : [...parts, failures]);
  return hash('sha256', text);
}
