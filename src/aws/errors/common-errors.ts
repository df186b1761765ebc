import {
  type AwsService,
  describeCall,
  describeHost,
  EXPORT_ACTION,
  nameEndpoint,
} from './failed-call.ts';
import { type AwsError, config, type Rule, tableOf, transient } from './rule.ts';

const UNKNOWN_KEY = config(
  'unknown key',
  (call) =>
    `AWS does not know the access key (${describeCall(call)}). Check "access_key_id" and "session_token", that the key is active, and that it belongs to the partition of ${call.region}.`,
);
const WRONG_SECRET = config(
  'credentials',
  (call) =>
    `The secret does not belong to the access key (${describeCall(call)}). Check "secret_access_key".`,
);
const WRONG_CLOCK = config(
  'wrong clock',
  (call) =>
    `AWS refused the signature because the clock of this machine is wrong (${describeCall(call)}). Set it and try again.`,
);
const WRONG_SIGNATURE = ({ message }: AwsError): Rule =>
  /expired|not yet current/.test(message) ? WRONG_CLOCK : WRONG_SECRET;
const EXPIRED = config(
  'expired',
  (call) =>
    `The credentials have expired (${describeCall(call)}). Provide a new "session_token" with its access key, or use a role, whose sessions are renewed automatically.`,
);
const INCOMPLETE = config(
  'credentials',
  (call) =>
    `AWS found no complete signature on the request (${describeCall(call)}). Check "credentials".`,
);
const throttledOfAccount = (call: string): string =>
  `AWS kept throttling ${call}. Try again later, or spread the connections of the account over time.`;
const THROTTLED_SENTENCES: Readonly<Record<AwsService, (call: string) => string>> = {
  dynamodb: (call) =>
    `DynamoDB kept throttling ${call}. Try again later, raise the table's read capacity, or read it with fewer segments or a budget ("max_read_capacity_units").`,
  streams: (call) =>
    `DynamoDB Streams kept throttling ${call}. Only two readers may share a shard: try again later, or have fewer readers, such as Lambda functions, on this change stream.`,
  sts: throttledOfAccount,
  s3: throttledOfAccount,
  credentials: throttledOfAccount,
};
/** A throttled call, whatever AWS calls it. */
export const THROTTLED = transient('throttled', (call, { message }) =>
  call.action === EXPORT_ACTION
    ? `DynamoDB kept refusing to begin an export of ${call.resource ?? ''} (${message}). It makes so many exports of an account at a time, by default 300 of 100 TB together: try again when others have ended, or have AWS raise the quota.`
    : THROTTLED_SENTENCES[call.service](describeCall(call)),
);
/** A server that cannot answer now. */
export const UNAVAILABLE = transient(
  'unanswered',
  (call, { host }) =>
    `AWS kept failing (${describeCall(call)}${host === undefined ? '' : ` at ${host}`}). It may be an outage: try again later.`,
);
/** An answer that does not come from an AWS service. */
export const NOT_AWS = config(
  'other',
  (call, error) =>
    `${describeHost(call, error)} does not answer like an AWS service${error.status === undefined ? '' : ` (HTTP ${error.status})`}. Check ${nameEndpoint(call)}.`,
);

/** Exceptions that any service may throw, by name. Those of STS do not end in "Exception". */
export const COMMON_ERRORS = tableOf({
  UnrecognizedClientException: UNKNOWN_KEY,
  InvalidClientTokenId: UNKNOWN_KEY,
  InvalidAccessKeyId: UNKNOWN_KEY,
  InvalidSignatureException: WRONG_SIGNATURE,
  SignatureDoesNotMatch: WRONG_SIGNATURE,
  RequestTimeTooSkewed: WRONG_CLOCK,
  RequestExpired: WRONG_CLOCK,
  ExpiredTokenException: EXPIRED,
  ExpiredToken: EXPIRED,
  MissingAuthenticationTokenException: INCOMPLETE,
  MissingAuthenticationToken: INCOMPLETE,
  IncompleteSignatureException: INCOMPLETE,
  IncompleteSignature: INCOMPLETE,
  OptInRequired: config(
    'credentials',
    (call) => `The account is not signed up for DynamoDB in ${call.region}. Check "region".`,
  ),
  ...Object.fromEntries(
    [
      ...['ThrottlingException', 'Throttling', 'ThrottledException', 'RequestThrottled'],
      ...['RequestThrottledException', 'RequestLimitExceeded', 'TooManyRequestsException'],
      ...['LimitExceeded', 'LimitExceededException', 'BandwidthLimitExceeded', 'SlowDown'],
    ].map((name) => [name, THROTTLED]),
  ),
  InternalServerError: UNAVAILABLE,
  InternalFailure: UNAVAILABLE,
  ServiceUnavailable: UNAVAILABLE,
  ServiceUnavailableException: UNAVAILABLE,
  RequestTimeout: UNAVAILABLE,
  RequestTimeoutException: UNAVAILABLE,
  AbortError: transient('other', (call) => `The request was cancelled (${describeCall(call)}).`),
});
