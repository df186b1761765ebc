import { ConfigError, ConnectorError, SystemError, TransientError } from '../../errors.ts';

/** What was being done when AWS failed. */
export interface FailedCall {
  /** The IAM action, such as `dynamodb:Scan`; or `credentials`, when there were none to call with. */
  readonly action: string;
  /** The table or role that the action was for, as requests name it; of `credentials`, the profile. */
  readonly resource?: string;
  readonly region: string;
  /** A custom endpoint. */
  readonly endpoint?: string;
}

type Kind = new (message: string, options: { readonly cause: unknown }) => ConnectorError;

interface Rule {
  readonly kind: Kind;
  readonly sentence: (call: FailedCall, error: AwsError) => string;
}

/** What is looked at of an error of the SDK or of Node. */
interface AwsError {
  readonly name: string;
  readonly message: string;
  readonly code?: string;
  readonly status?: number;
}

const config = (sentence: Rule['sentence']): Rule => ({ kind: ConfigError, sentence });
const transient = (sentence: Rule['sentence']): Rule => ({ kind: TransientError, sentence });

const UNKNOWN_KEY = config(
  (call) =>
    `AWS does not know the access key (${describeCall(call)}). Check "access_key_id" and "session_token", that the key is active, and that it belongs to the partition of ${call.region}.`,
);
const WRONG_SECRET = config((call, { message }) =>
  message.includes('expired') || message.includes('not yet current')
    ? `AWS refused the signature because the clock of this machine is wrong (${describeCall(call)}). Set it and try again.`
    : `The secret does not belong to the access key (${describeCall(call)}). Check "secret_access_key".`,
);
const EXPIRED = config(
  (call) =>
    `The credentials have expired (${describeCall(call)}). Give a new "session_token" with its access key, or use a role, whose sessions are renewed.`,
);
const INCOMPLETE = config(
  (call) =>
    `AWS found no complete signature on the request (${describeCall(call)}). Check "credentials".`,
);
const DENIED = config(
  (call, { message }) =>
    `The credentials may not call ${describeCall(call)} (${message}). Allow ${call.action} in the IAM policy of the user or role, or in the table's resource policy.`,
);
const ROLE_DENIED = config(
  (call, { message }) =>
    `The role ${nameRole(call)} may not be assumed (${message}). Allow the caller sts:AssumeRole on it, name the caller in the role's trust policy, and check "external_id" and "role_session_duration_seconds".`,
);
const THROTTLED = transient(
  (call) =>
    `DynamoDB kept throttling ${describeCall(call)}. Try again later, raise the table's read capacity, or read it with fewer segments or a budget ("max_read_capacity_units").`,
);
const UNAVAILABLE = transient(
  (call) => `AWS kept failing (${describeCall(call)}). It may be an outage: try again later.`,
);
const DAMAGED = transient(
  (call) =>
    `Answers kept arriving damaged (${describeCall(call)}). Check the network and try again.`,
);
const UNREACHABLE = transient(
  (call, { name, code, message }) =>
    `No answer from ${describeHost(call)} (${name === 'ProxyError' ? message : (code ?? message)}). Check "region" and ${call.action.startsWith('sts:') ? '"sts_endpoint"' : '"endpoint"'}, the network and its DNS, firewall, proxy and VPC endpoints, and try again.`,
);
const BAD_CERTIFICATE = config(
  (call, { code, message }) =>
    `The TLS connection to ${describeHost(call)} failed (${code ?? message}). Check that "endpoint" has the right http:// or https://; for a private certificate authority, name its certificate in NODE_EXTRA_CA_CERTS.`,
);

const NOT_FOUND = config(
  (call) =>
    `The table ${call.resource ?? ''} does not exist in ${call.region}${call.endpoint === undefined ? '' : ` at ${call.endpoint}`}, or it is still being made. Check "tables" and "region", and refresh the schema if the table is gone.`,
);
const NOT_READY = config(
  (call, { message }) =>
    `The table ${call.resource ?? ''} cannot be read as it is (${message}). It is being made or deleted, or it is archived: try again when it is ACTIVE, or leave it out with "exclude_tables".`,
);

/** By the exception's name. Exceptions of STS end without "Exception". */
const RULES_BY_NAME: ReadonlyMap<string, Rule> = new Map(
  Object.entries({
    UnrecognizedClientException: UNKNOWN_KEY,
    InvalidClientTokenId: UNKNOWN_KEY,
    InvalidAccessKeyId: UNKNOWN_KEY,
    InvalidSignatureException: WRONG_SECRET,
    SignatureDoesNotMatch: WRONG_SECRET,
    ExpiredTokenException: EXPIRED,
    ExpiredToken: EXPIRED,
    MissingAuthenticationTokenException: INCOMPLETE,
    MissingAuthenticationToken: INCOMPLETE,
    IncompleteSignatureException: INCOMPLETE,
    IncompleteSignature: INCOMPLETE,
    AccessDeniedException: DENIED,
    AccessDenied: ROLE_DENIED,
    // A session longer than the role's maximum, or a name or ARN that STS does not take.
    ValidationError: ROLE_DENIED,
    InvalidIdentityTokenException: ROLE_DENIED,
    IDPRejectedClaimException: ROLE_DENIED,
    ResourceNotFoundException: NOT_FOUND,
    ResourceInUseException: NOT_READY,
    ValidationException: {
      kind: ConfigError,
      sentence: (call, { message }) =>
        /start(ing)? key/i.test(message)
          ? `The saved position does not fit the table ${call.resource ?? ''} any more (${message}). Clear the stream to read it anew.`
          : `DynamoDB refused ${describeCall(call)}: ${message}`,
    },
    CredentialsProviderError: config(({ resource: profile }, { message }) =>
      profile === undefined
        ? `No AWS credentials were found in the environment (${message}). Give the machine, container or pod a role, set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or choose an access key in "credentials".`
        : `The profile ${profile} gives no AWS credentials (${message}). Check "profile" in "credentials", and that the AWS config files hold it.`,
    ),
    OptInRequired: config(
      (call) => `The account is not signed up for DynamoDB in ${call.region}. Check "region".`,
    ),
    RegionDisabledException: config(
      (call) =>
        `The region ${call.region} is not enabled for STS in the account. Enable it, or check "region".`,
    ),
    ProvisionedThroughputExceededException: THROTTLED,
    RequestLimitExceeded: THROTTLED,
    ThrottlingException: THROTTLED,
    Throttling: THROTTLED,
    LimitExceededException: THROTTLED,
    InternalServerError: UNAVAILABLE,
    InternalFailure: UNAVAILABLE,
    ServiceUnavailable: UNAVAILABLE,
    IDPCommunicationErrorException: UNAVAILABLE,
    CRC32CheckFailed: DAMAGED,
    TimeoutError: UNREACHABLE,
    ProxyError: UNREACHABLE,
    AbortError: transient((call) => `The request was cancelled (${describeCall(call)}).`),
  }),
);

/** By the code of an error of Node, of its TLS or of zlib. */
const RULES_BY_CODE: ReadonlyMap<string, Rule> = new Map(
  Object.entries({
    ERR_TLS_CERT_ALTNAME_INVALID: BAD_CERTIFICATE,
    DEPTH_ZERO_SELF_SIGNED_CERT: BAD_CERTIFICATE,
    SELF_SIGNED_CERT_IN_CHAIN: BAD_CERTIFICATE,
    UNABLE_TO_VERIFY_LEAF_SIGNATURE: BAD_CERTIFICATE,
    UNABLE_TO_GET_ISSUER_CERT_LOCALLY: BAD_CERTIFICATE,
    CERT_HAS_EXPIRED: BAD_CERTIFICATE,
    EPROTO: BAD_CERTIFICATE,
    ERR_SSL_WRONG_VERSION_NUMBER: BAD_CERTIFICATE,
    ERR_SSL_PACKET_LENGTH_TOO_LONG: BAD_CERTIFICATE,
    ECONNREFUSED: UNREACHABLE,
    ECONNRESET: UNREACHABLE,
    ENOTFOUND: UNREACHABLE,
    EAI_AGAIN: UNREACHABLE,
    EHOSTUNREACH: UNREACHABLE,
    ENETUNREACH: UNREACHABLE,
    ETIMEDOUT: UNREACHABLE,
    EPIPE: UNREACHABLE,
    EBADMSG: DAMAGED,
    Z_DATA_ERROR: DAMAGED,
    Z_BUF_ERROR: DAMAGED,
  }),
);

/** An AWS, network or credentials failure as an error of ours; one that is ours already stays as it is. */
export function classifyError(thrown: unknown, call: FailedCall): ConnectorError {
  if (thrown instanceof ConnectorError) return thrown;
  const error = describeError(thrown);
  const rule = findRule(error);
  if (rule !== undefined) return new rule.kind(rule.sentence(call, error), { cause: thrown });
  const status = error.status === undefined ? '' : `, HTTP ${error.status}`;
  return new SystemError(
    `An unexpected answer to ${describeCall(call)}: ${error.name}: ${error.message}${status}`,
    { cause: thrown },
  );
}

/** Whether AWS says that the credentials have expired. */
export function isExpiredCredentials(thrown: unknown): boolean {
  return findRule(describeError(thrown)) === EXPIRED;
}

/** Whether a call was throttled. */
export function isThrottled(thrown: unknown): boolean {
  return findRule(describeError(thrown)) === THROTTLED;
}

/** Whether nothing answered but, at most, that it cannot answer now. */
export function isUnanswered(thrown: unknown): boolean {
  const rule = findRule(describeError(thrown));
  return rule === UNREACHABLE || rule === UNAVAILABLE;
}

/** Whether DynamoDB denied a call to credentials that AWS knows. */
export function isAccessDenied(thrown: unknown): boolean {
  return findRule(describeError(thrown)) === DENIED;
}

/** Whether a table is not there to be read: gone, archived or in the making. */
export function isTableAbsent(thrown: unknown): boolean {
  const rule = findRule(describeError(thrown));
  return rule === NOT_FOUND || rule === NOT_READY;
}

/** Whether AWS does not know the credentials, as also happens for a moment after they were made. */
export function isUnknownKey(thrown: unknown): boolean {
  return findRule(describeError(thrown)) === UNKNOWN_KEY;
}

function findRule(error: AwsError): Rule | undefined {
  const rule = RULES_BY_NAME.get(error.name) ?? RULES_BY_CODE.get(error.code ?? '');
  if (rule !== undefined) return rule;
  if (error.status === 429) return THROTTLED;
  // 408: a proxy, or the server itself, has waited too long for the request.
  if (error.status !== undefined && (error.status >= 500 || error.status === 408)) {
    return UNAVAILABLE;
  }
  // The SDK's parser failed on a body that is no JSON, or found no error's name in it.
  if (['SyntaxError', 'Unknown', 'UnknownError'].includes(error.name)) return NOT_DYNAMODB;
  return undefined;
}

const NOT_DYNAMODB = config(
  (call, { status }) =>
    `${describeHost(call)} does not answer like an AWS service${status === undefined ? '' : ` (HTTP ${status})`}. Check "endpoint".`,
);

function describeError(thrown: unknown): AwsError {
  if (!(thrown instanceof Error)) return { name: 'Error', message: String(thrown) };
  const { $metadata, code } = thrown as {
    $metadata?: { httpStatusCode?: number };
    code?: unknown;
  };
  // An error of Node that stands behind another one is the one that happened.
  const inner = thrown.cause instanceof Error && typeof code !== 'string' ? thrown.cause : thrown;
  const innerCode = (inner as { code?: unknown }).code;
  return {
    name: thrown.name,
    message: thrown.message,
    ...(typeof innerCode === 'string' && { code: innerCode }),
    ...($metadata?.httpStatusCode !== undefined && { status: $metadata.httpStatusCode }),
  };
}

function describeCall({ action, resource }: FailedCall): string {
  return resource === undefined ? action : `${action} on ${resource}`;
}

function describeHost({ action, endpoint, region }: FailedCall): string {
  return endpoint ?? `${action.startsWith('sts:') ? 'STS' : 'DynamoDB'} in ${region}`;
}

/** The role of the config, or the one that AWS's default chain was told of by the environment or a profile. */
function nameRole({ action, resource }: FailedCall): string {
  if (resource === undefined) return 'AWS_ROLE_ARN';
  return action === 'sts:AssumeRole' ? resource : `of ${resource}`;
}
