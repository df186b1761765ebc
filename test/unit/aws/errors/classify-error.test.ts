import { expect } from 'chai';
import { classifyError } from '../../../../src/aws/errors/classify-error.ts';
import type { FailedCall } from '../../../../src/aws/errors/failed-call.ts';
import { ConfigError, SystemError, TransientError } from '../../../../src/errors.ts';

const SCAN: FailedCall = {
  service: 'dynamodb',
  action: 'dynamodb:Scan',
  resource: 'orders',
  region: 'eu-west-1',
};
const LOCAL: FailedCall = { ...SCAN, endpoint: 'http://localhost:8000' };
const ROLE: FailedCall = {
  service: 'sts',
  action: 'sts:AssumeRole',
  resource: 'arn:aws:iam::123456789012:role/r',
  region: 'eu-west-1',
};
const CHANGES: FailedCall = {
  service: 'streams',
  action: 'dynamodb:GetRecords',
  resource: 'arn:aws:dynamodb:eu-west-1:1:table/orders/stream/x',
  region: 'eu-west-1',
};
const CHAIN: FailedCall = { service: 'credentials', action: 'credentials', region: 'eu-west-1' };

interface Facts {
  readonly name?: string;
  readonly message?: string;
  readonly code?: string;
  readonly status?: number;
  readonly host?: string;
  readonly path?: string;
  readonly cause?: unknown;
}

function errorOf({ name = 'Error', message = '', code, status, cause, ...others }: Facts): Error {
  return Object.assign(new Error(message, { cause }), {
    name,
    ...others,
    ...(code !== undefined && { code }),
    ...(status !== undefined && { $metadata: { httpStatusCode: status } }),
  });
}

// Messages as the services and Node really write them.
const EXPIRED = {
  name: 'ExpiredTokenException',
  message: 'The security token included in the request is expired',
};
const UNKNOWN = {
  name: 'UnrecognizedClientException',
  message: 'The security token included in the request is invalid.',
};
const DENIED = {
  name: 'AccessDeniedException',
  message:
    'User: arn:aws:iam::123456789012:user/u is not authorized to perform: dynamodb:Scan on resource: arn:aws:dynamodb:eu-west-1:123456789012:table/orders',
};

type Kind = typeof ConfigError | typeof TransientError | typeof SystemError;

const CASES: readonly (readonly [Facts, FailedCall, Kind, RegExp])[] = [
  [DENIED, CHANGES, ConfigError, /Allow dynamodb:GetRecords on the table's "stream\/\*"/],
  [
    { name: 'ExpiredIteratorException' },
    CHANGES,
    TransientError,
    /iterator of a shard has expired/,
  ],
  [{ name: 'TrimmedDataAccessException' }, CHANGES, ConfigError, /older than 24 hours and gone/],
  [{ name: 'LimitExceededException' }, CHANGES, TransientError, /Only two readers may share/],
  [
    { name: 'ResourceNotFoundException', message: 'Shard not found' },
    CHANGES,
    ConfigError,
    /shard of it, does not exist .*Shard not found/,
  ],
  [
    { name: 'ValidationException', message: 'Invalid SequenceNumber' },
    CHANGES,
    ConfigError,
    /Streams refused .*Invalid SequenceNumber/,
  ],
  [{ code: 'ECONNREFUSED' }, CHANGES, TransientError, /Check "region" and "streams_endpoint", /],
  [
    { code: 'ECONNREFUSED' },
    { ...CHANGES, endpoint: 'http://localhost:8000', endpointOption: 'endpoint' },
    TransientError,
    /localhost:8000.*Check "region" and "endpoint", /,
  ],
  [UNKNOWN, SCAN, ConfigError, /does not know the access key \(dynamodb:Scan on orders\)/],
  [{ name: 'InvalidClientTokenId' }, ROLE, ConfigError, /partition of eu-west-1/],
  [
    {
      name: 'InvalidSignatureException',
      message: 'The request signature we calculated does not match the signature you provided.',
    },
    SCAN,
    ConfigError,
    /"secret_access_key"/,
  ],
  [
    {
      name: 'InvalidSignatureException',
      message: 'Signature expired: 20240101T000000Z is now earlier than 20240101T010000Z',
    },
    SCAN,
    ConfigError,
    /clock of this machine is wrong/,
  ],
  [
    {
      name: 'InvalidSignatureException',
      message: 'Signature not yet current: 20240101T010000Z is still later than 20240101T000000Z',
    },
    SCAN,
    ConfigError,
    /clock of this machine is wrong/,
  ],
  [{ name: 'SignatureDoesNotMatch' }, ROLE, ConfigError, /"secret_access_key"/],
  [EXPIRED, SCAN, ConfigError, /credentials have expired/],
  [{ name: 'ExpiredToken' }, ROLE, ConfigError, /credentials have expired/],
  [{ name: 'MissingAuthenticationTokenException' }, SCAN, ConfigError, /no complete signature/],
  [{ name: 'IncompleteSignature' }, ROLE, ConfigError, /no complete signature/],
  [DENIED, SCAN, ConfigError, /Allow dynamodb:Scan in the IAM policy/],
  [{ name: 'AccessDenied', message: 'no' }, ROLE, ConfigError, /role\/r cannot be assumed \(no\)/],
  [
    {
      name: 'ValidationError',
      message: 'The requested DurationSeconds exceeds the MaxSessionDuration set for this role.',
      status: 400,
    },
    ROLE,
    ConfigError,
    /role\/r cannot be assumed .*"role_session_duration_seconds"/,
  ],
  [
    {
      name: 'InvalidIdentityTokenException',
      message: 'No OpenIDConnect provider found in your account for https://oidc.example.com',
      status: 400,
    },
    CHAIN,
    ConfigError,
    /role AWS_ROLE_ARN cannot be assumed \(No OpenIDConnect provider/,
  ],
  [
    { name: 'AccessDenied', message: 'no' },
    { ...CHAIN, resource: 'reader' },
    ConfigError,
    /The role of reader cannot be assumed \(no\)/,
  ],
  [
    { name: 'ResourceNotFoundException', message: 'Requested resource not found' },
    SCAN,
    ConfigError,
    /The table orders does not exist in eu-west-1, or/,
  ],
  [
    { name: 'ResourceNotFoundException' },
    LOCAL,
    ConfigError,
    /in eu-west-1 at http:\/\/localhost:8000/,
  ],
  // Of DynamoDB, of DynamoDB Local and of dynalite.
  ...[
    'The provided starting key is invalid',
    'The provided starting key is invalid: The provided key element does not match the schema',
    'The provided starting key is outside query boundaries based on provided conditions',
    "Exclusive Start Key must have same size as table's key schema",
    'Exclusive start key must lie within the segment',
    'The provided key element does not match the schema',
    'Type mismatch for attribute to update',
  ].map(
    (message) =>
      [
        { name: 'ValidationException', message },
        SCAN,
        ConfigError,
        /The state of orders belongs to another table.*Clear the stream/,
      ] as const,
  ),
  [
    { name: 'ValidationException', message: '1 validation error detected' },
    SCAN,
    ConfigError,
    /refused dynamodb:Scan on orders: 1 validation error detected/,
  ],
  [
    { name: 'CredentialsProviderError', message: 'Could not load credentials from any providers' },
    CHAIN,
    ConfigError,
    /No AWS credentials were found in the environment \(Could not load/,
  ],
  [{ name: 'OptInRequired' }, SCAN, ConfigError, /not signed up for DynamoDB in eu-west-1/],
  [{ name: 'RegionDisabledException' }, ROLE, ConfigError, /eu-west-1 is not enabled/],
  [{ name: 'ProvisionedThroughputExceededException' }, SCAN, TransientError, /kept throttling/],
  [{ name: 'RequestLimitExceeded' }, SCAN, TransientError, /kept throttling/],
  [{ name: 'ThrottlingException' }, SCAN, TransientError, /kept throttling/],
  [{ name: 'Throttling' }, ROLE, TransientError, /^AWS kept throttling sts:AssumeRole/],
  [{ name: 'TooManyRequestsException' }, CHAIN, TransientError, /^AWS kept throttling/],
  [{ name: 'LimitExceededException' }, SCAN, TransientError, /^DynamoDB kept throttling/],
  [
    {
      name: 'LimitExceededException',
      message: 'Subscriber limit exceeded: There is a limit of 300 concurrent exports',
    },
    { ...SCAN, action: 'dynamodb:ExportTableToPointInTime' },
    TransientError,
    /^DynamoDB kept refusing to begin an export of orders \(Subscriber limit exceeded: .*exports\)\. (?!.*read capacity)/,
  ],
  [{ name: 'RequestTimeoutException', status: 400 }, SCAN, TransientError, /may be an outage/],
  [{ name: 'InternalServerError', status: 500 }, SCAN, TransientError, /may be an outage/],
  [{ name: 'ServiceUnavailable', status: 503 }, SCAN, TransientError, /may be an outage/],
  [{ name: 'CRC32CheckFailed' }, SCAN, TransientError, /damaged/],
  [
    { name: 'TimeoutError', message: 'No answer in 60000 ms' },
    SCAN,
    TransientError,
    /No answer from DynamoDB in eu-west-1/,
  ],
  [
    { code: 'ECONNREFUSED' },
    LOCAL,
    TransientError,
    /No answer from http:\/\/localhost:8000 \(ECONNREFUSED\)/,
  ],
  [{ code: 'ENOTFOUND' }, ROLE, TransientError, /No answer from STS in eu-west-1.*"sts_endpoint"/],
  [{ code: 'ECONNRESET' }, SCAN, TransientError, /ECONNRESET/],
  [{ code: 'EPIPE' }, SCAN, TransientError, /EPIPE/],
  [
    { message: 'aborted', cause: errorOf({ code: 'ETIMEDOUT' }) },
    SCAN,
    TransientError,
    /ETIMEDOUT/,
  ],
  [{ code: 'DEPTH_ZERO_SELF_SIGNED_CERT' }, LOCAL, ConfigError, /NODE_EXTRA_CA_CERTS/],
  [{ code: 'EPROTO' }, LOCAL, ConfigError, /http:\/\/ or https:\/\//],
  [{ code: 'CERT_NOT_YET_VALID' }, SCAN, ConfigError, /certificate is not valid .*Set the clock/],
  [{ code: 'CERT_HAS_EXPIRED' }, ROLE, ConfigError, /STS in eu-west-1 failed.*Set the clock/],
  [{ code: 'EMFILE' }, SCAN, TransientError, /too many open files \(EMFILE\)/],
  [{ code: 'ENFILE', path: '/x' }, CHAIN, TransientError, /too many open files/],
  ...[
    ...['UNABLE_TO_GET_ISSUER_CERT', 'INVALID_PURPOSE', 'CERT_UNTRUSTED', 'HOSTNAME_MISMATCH'],
    ...['ERR_TLS_CERT_ALTNAME_INVALID', 'ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED'],
    ...['ERR_SSL_SSLV3_ALERT_HANDSHAKE_FAILURE', 'ERR_SSL_TLSV1_ALERT_UNKNOWN_CA'],
  ].map((code) => [{ code }, SCAN, ConfigError, /^The TLS connection to DynamoDB/] as const),
  ...[
    ...['EAI_FAIL', 'EAI_NODATA', 'EADDRNOTAVAIL', 'ENETDOWN', 'ENETRESET', 'EHOSTDOWN', 'EPERM'],
    ...['EACCES', 'ECONNABORTED', 'ENOBUFS', 'EAGAIN', 'EINVAL', 'ENOTCONN', 'ERR_SOCKET_CLOSED'],
    ...['ERR_SSL_DECRYPTION_FAILED_OR_BAD_RECORD_MAC', 'ERR_SSL_UNEXPECTED_EOF_WHILE_READING'],
  ].map((code) => [{ code }, SCAN, TransientError, /^No answer from DynamoDB/] as const),
  [
    { code: 'ECONNREFUSED', host: 'https://123456789012.ddb.eu-west-1.amazonaws.com:443' },
    SCAN,
    TransientError,
    /DynamoDB in eu-west-1 at https:\/\/123456789012\.ddb\.eu-west-1/,
  ],
  [
    { code: 'ENOTFOUND', host: 'https://portal.sso.eu-west-1.amazonaws.com:443' },
    CHAIN,
    TransientError,
    /the source of credentials in eu-west-1 at https:\/\/portal\.sso.*"sts_endpoint"/,
  ],
  [
    { code: 'ENOENT', path: '/token', message: "ENOENT: no such file or directory, open '/token'" },
    CHAIN,
    ConfigError,
    /No AWS credentials were found in the environment \(ENOENT: .*'\/token'\)/,
  ],
  [
    {
      name: 'SystemError',
      code: 'ERR_SYSTEM_ERROR',
      message: 'A system error occurred: uv_os_homedir returned ENOENT (no such file or directory)',
    },
    SCAN,
    ConfigError,
    /has no home directory/,
  ],
  [{ code: 'ERR_INVALID_ARG_TYPE' }, SCAN, SystemError, /unexpected answer/],
  [{ code: 'EPERM', status: 400 }, SCAN, SystemError, /unexpected answer/],
  [{ status: 429 }, SCAN, TransientError, /kept throttling/],
  [{ name: 'UnknownError', status: 408 }, SCAN, TransientError, /may be an outage/],
  [{ name: 'SyntaxError', status: 502 }, SCAN, TransientError, /may be an outage/],
  [
    { name: 'SyntaxError', message: 'Unexpected token <', status: 200 },
    LOCAL,
    ConfigError,
    /does not answer like an AWS service \(HTTP 200\)/,
  ],
  [{ name: 'SyntaxError' }, LOCAL, ConfigError, /does not answer like an AWS service\. Check/],
  [
    { name: 'NewException', message: 'hm', status: 400 },
    SCAN,
    SystemError,
    /dynamodb:Scan on orders: NewException: hm, HTTP 400/,
  ],
  [{ name: 'toString', message: 'hm' }, SCAN, SystemError, /unexpected answer/],
  [{ name: '__proto__', message: 'hm' }, SCAN, SystemError, /unexpected answer/],
  [{ code: 'constructor', message: 'hm' }, SCAN, SystemError, /unexpected answer/],
];

describe('classifying an error', () => {
  for (const [facts, call, kind, sentence] of CASES) {
    const { name, message, code, status } = facts;
    const label = [name, code, status, message?.slice(0, 40)].filter((part) => part !== undefined);
    it(`makes a ${kind.name} of ${label.join(', ')} for ${call.action}`, () => {
      const thrown = errorOf(facts);
      const error = classifyError(thrown, call);
      expect(error).to.be.instanceOf(kind);
      expect(error.message).to.match(sentence);
      expect(error.cause).to.equal(thrown);
    });
  }

  it('leaves errors of the connector as they are', () => {
    for (const error of [new ConfigError('a'), new TransientError('b'), new SystemError('c')]) {
      expect(classifyError(error, SCAN)).to.equal(error);
    }
  });

  it('makes a SystemError of what is no error', () => {
    for (const thrown of [undefined, null, 'text', { a: 1 }]) {
      const error = classifyError(thrown, SCAN);
      expect(error).to.be.instanceOf(SystemError);
      expect(error.cause).to.equal(thrown);
    }
  });

  it('ends every sentence, and says nothing of undefined', () => {
    for (const [facts, call] of CASES) {
      const { message } = classifyError(errorOf(facts), call);
      expect(message).not.to.match(/undefined|null|\[object/);
    }
  });

  it('tells expired, denied and unknown credentials apart', () => {
    const facts = [EXPIRED, DENIED, UNKNOWN, { name: 'ThrottlingException' }];
    const reasons = facts.map((one) => classifyError(errorOf(one), SCAN).reason);
    expect(reasons).to.deep.equal(['expired', 'denied', 'unknown key', 'throttled']);
  });

  it('tells by the service what an exception means', () => {
    const denied = errorOf({ name: 'AccessDenied', message: 'no' });
    expect(classifyError(denied, ROLE)).to.include({ reason: 'credentials' });
    expect(classifyError(denied, SCAN)).to.be.instanceOf(SystemError);
  });
});
