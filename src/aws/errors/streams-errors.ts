import { THROTTLED } from './common-errors.ts';
import { describeCall } from './failed-call.ts';
import { config, tableOf, transient } from './rule.ts';

/**
 * What DynamoDB Streams says, by the exception's name.
 *
 * @see https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_streams_GetRecords.html
 */
export const STREAMS_ERRORS = tableOf({
  AccessDeniedException: config(
    'denied',
    (call, { message }) =>
      `The credentials may not call ${describeCall(call)} (${message}). Allow ${call.action} on the table's "stream/*" in the IAM policy of the user or role; the change stream of another account needs a resource policy of its own.`,
  ),
  ResourceNotFoundException: config(
    'missing',
    (call, { message }) =>
      `The change stream, or a shard of it, does not exist (${describeCall(call)}: ${message}). If the change stream was disabled or the table was made again, clear the stream to read it from its beginning.`,
  ),
  ExpiredIteratorException: transient(
    'stale',
    (call) =>
      `The iterator of a shard has expired (${describeCall(call)}). It is asked for again; if this goes on, the clock or the destination is very slow.`,
  ),
  TrimmedDataAccessException: config(
    'position lost',
    (call) =>
      `Changes that were not read yet are older than 24 hours and gone (${describeCall(call)}). Clear the stream to read it from its beginning, and sync at least every 12 hours.`,
  ),
  ValidationException: config(
    'refused',
    (call, { message }) => `DynamoDB Streams refused ${describeCall(call)}: ${message}`,
  ),
  LimitExceededException: THROTTLED,
  ProvisionedThroughputExceededException: THROTTLED,
});
