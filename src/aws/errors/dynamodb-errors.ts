import { THROTTLED } from './common-errors.ts';
import { describeCall } from './failed-call.ts';
import { config, tableOf } from './rule.ts';

/**
 * What DynamoDB says, by the exception's name.
 *
 * @see https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Programming.Errors.html
 */
export const DYNAMODB_ERRORS = tableOf({
  AccessDeniedException: config(
    'denied',
    (call, { message }) =>
      `The credentials may not call ${describeCall(call)} (${message}). Allow ${call.action} in the IAM policy of the user or role, or in the table's resource policy.`,
  ),
  ResourceNotFoundException: config(
    'missing',
    (call, { host = call.endpoint }) =>
      `The table ${call.resource ?? ''} does not exist in ${call.region}${host === undefined ? '' : ` at ${host}`}, or it is still being made. Check "tables" and "region", and refresh the schema if the table is gone.`,
  ),
  ResourceInUseException: config(
    'missing',
    (call, { message }) =>
      `The table ${call.resource ?? ''} cannot be read as it is (${message}). It is being made or deleted, or it is archived: try again when it is ACTIVE, or leave it out with "exclude_tables".`,
  ),
  ValidationException: config('refused', (call, { message }) =>
    /start(ing)? key/i.test(message)
      ? `The saved position does not fit the table ${call.resource ?? ''} any more (${message}). Clear the stream to read it anew.`
      : `DynamoDB refused ${describeCall(call)}: ${message}`,
  ),
  ProvisionedThroughputExceededException: THROTTLED,
  LimitExceededException: THROTTLED,
});
