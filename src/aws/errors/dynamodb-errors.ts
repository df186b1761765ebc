import { THROTTLED } from './common-errors.ts';
import { describeCall } from './failed-call.ts';
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

/**
 * Exceptions of DynamoDB, by name.
 *
 * @see https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Programming.Errors.html
 */
export const DYNAMODB_ERRORS = tableOf({
  AccessDeniedException: config(
    'denied',
    (call, { message }) =>
      `The credentials are not allowed to call ${describeCall(call)} (${message}). Allow ${call.action} in the IAM policy of the user or role, or in the table's resource policy.`,
  ),
  ResourceNotFoundException: config(
    'missing',
    (call, { host = call.endpoint }) =>
      `The table ${call.resource ?? ''} does not exist in ${call.region}${host === undefined ? '' : ` at ${host}`}, or it is still being created. Check "tables" and "region", and refresh the schema if the table is gone.`,
  ),
  ResourceInUseException: config(
    'missing',
    (call, { message }) =>
      `The table ${call.resource ?? ''} cannot be read in its current state (${message}). It is being created or deleted, or it is archived. Try again when it is ACTIVE, or leave it out with "exclude_tables".`,
  ),
  ValidationException: ({ message }) => (OF_START_KEY.test(message) ? OTHER_TABLE : REFUSED),
  ProvisionedThroughputExceededException: THROTTLED,
});
