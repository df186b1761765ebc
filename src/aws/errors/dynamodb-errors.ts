import { THROTTLED } from './common-errors.ts';
import { describeCall, EXPORT_ACTION } from './failed-call.ts';
import { config, tableOf } from './rule.ts';

// The second form is DynamoDB Local's, for a key of another type.
const OF_START_KEY =
  /start(ing)? ?key|Type mismatch for attribute to update|key element does not match the schema/i;
const OTHER_TABLE = config(
  'position lost',
  ({ resource = '' }, { message }) =>
    `The state of ${resource} belongs to another table, or to one that was recreated with another key (${message}). Clear the stream to read it again from its beginning.`,
);
const REFUSED = config(
  'refused',
  (call, { message }) => `DynamoDB refused ${describeCall(call)}: ${message}`,
);

const NO_TABLE = config(
  'missing',
  (call, { host = call.endpoint }) =>
    `The table ${call.resource ?? ''} does not exist in ${call.region}${host === undefined ? '' : ` at ${host}`}, or it is still being created. Check "tables" and "region", and refresh the schema if the table is gone.`,
);

/** What to do about a table without point-in-time recovery. */
export function describeRecoveryOff(table: string): string {
  return `Point-in-time recovery is not enabled for the table ${table}, and exports need it. Enable it in the table's backups, or with: aws dynamodb update-continuous-backups --table-name ${table} --point-in-time-recovery-specification PointInTimeRecoveryEnabled=true. It costs about 0.20 USD per GiB and month.`;
}

/**
 * Exceptions of DynamoDB, by name.
 *
 * @see https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Programming.Errors.html
 */
export const DYNAMODB_ERRORS = tableOf({
  AccessDeniedException: config('denied', (call, { message }) =>
    call.action === EXPORT_ACTION
      ? `The table ${call.resource ?? ''} cannot be exported (${message}). Allow ${EXPORT_ACTION} in the IAM policy of the user or role, and s3:PutObject, s3:PutObjectAcl and s3:AbortMultipartUpload on the bucket. A table of another account can only be exported by a role of that account.`
      : `The credentials are not allowed to call ${describeCall(call)} (${message}). Allow ${call.action} in the IAM policy of the user or role, or in the table's resource policy.`,
  ),
  ResourceNotFoundException: NO_TABLE,
  ResourceInUseException: config(
    'missing',
    (call, { message }) =>
      `The table ${call.resource ?? ''} cannot be read in its current state (${message}). It is being created or deleted, or it is archived. Try again when it is ACTIVE, or leave it out with "exclude_tables".`,
  ),
  ValidationException: ({ message }) => (OF_START_KEY.test(message) ? OTHER_TABLE : REFUSED),
  ProvisionedThroughputExceededException: THROTTLED,
  PointInTimeRecoveryUnavailableException: config('no recovery', ({ resource = '' }) =>
    describeRecoveryOff(resource),
  ),
  ContinuousBackupsUnavailableException: config('no recovery', ({ resource = '' }) =>
    describeRecoveryOff(resource),
  ),
  InvalidExportTimeException: config(
    'time refused',
    ({ resource = '' }, { message }) =>
      `DynamoDB does not export ${resource} as of the time that was asked for (${message}). Check that point-in-time recovery has been enabled for long enough, and try again.`,
  ),
  ExportConflictException: config(
    'refused',
    ({ resource = '' }, { message }) =>
      `The export of ${resource} conflicts with another one (${message}). Wait until that has ended, or choose another "s3_prefix".`,
  ),
  ExportNotFoundException: config(
    'nothing there',
    ({ resource = '' }) => `DynamoDB knows the export ${resource} no more.`,
  ),
  TableNotFoundException: NO_TABLE,
});
