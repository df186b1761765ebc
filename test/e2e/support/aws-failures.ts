import { awsError, rawReply, stsError, type FakeAws, type Reply } from '../../support/fake-aws.ts';
import type { JsonObject } from '../../support/json.ts';
import type { ExpectedFailure } from './expect-failure.ts';
import { ROLE_ARN, roleCredentials } from './source-runs.ts';

const ENVIRONMENT_KEY = 'ASIAENVIRONMENT00000';
const HTML = '<html><head><title>Welcome</title></head><body>nginx</body></html>';
const ENVIRONMENT_SECRET = 'environment-secret';
const SESSION_TOKEN = 'IQoJb3JpZ2luX2VjEXAMPLETOKEN//////////wEaCXVzLWVhc3Qt';

/** A failure of AWS that a user can cause, and what the user is told of it. */
export interface AwsFailure extends ExpectedFailure {
  readonly name: string;
  /** Sets the fake up. */
  readonly arrange?: (aws: FakeAws) => void;
  /** Properties of the config over those of a working one. */
  readonly options?: (aws: FakeAws) => JsonObject;
  readonly env?: Readonly<Record<string, string>>;
  /** What says it for `read`, where DescribeTable is asked first and not ListTables. */
  readonly readSays?: ExpectedFailure['says'];
}

const user = (aws: FakeAws, options: JsonObject = {}): JsonObject => ({
  credentials: {
    auth_type: 'User',
    access_key_id: aws.accessKeyId,
    secret_access_key: aws.secretAccessKey,
    ...options,
  },
});

const role = (aws: FakeAws, options: JsonObject = {}): JsonObject => ({
  sts_endpoint: aws.endpoint,
  credentials: roleCredentials(aws, options),
});

/** Has DynamoDB answer everything in the same way. */
function answerAll(aws: FakeAws, reply: (sessionToken: string | undefined) => Reply): void {
  for (const operation of ['ListTables', 'DescribeTable', 'Scan']) {
    aws.on(operation, (_, request) => reply(request.sessionToken));
  }
}

/** The message of a wrong signature repeats the headers that were to be signed, the session token among them. */
function wrongSignature(sessionToken: string | undefined): Reply {
  return awsError(
    'InvalidSignatureException',
    `The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key and signing method. Consult the service documentation for details.\n\nThe Canonical String for this request should have been\n'POST\n/\n\ncontent-type:application/x-amz-json-1.0\nhost:localhost\nx-amz-security-token:${sessionToken ?? ''}\n'`,
  );
}

/** A failure that the user must mend. */
const config = (...says: readonly (string | RegExp)[]) =>
  ({ failureType: 'config_error', says }) as const;

/** Each is to be met by check, discover and read of a table `orders`. */
export const AWS_FAILURES: readonly AwsFailure[] = [
  {
    name: 'an access key that AWS does not know',
    options: (aws) => user(aws, { access_key_id: 'AKIAUNKNOWNEXAMPLE00' }),
    ...config('does not know the access key', 'dynamodb:ListTables', '"access_key_id"'),
    readSays: ['does not know the access key', 'dynamodb:DescribeTable on orders'],
  },
  {
    name: 'a secret that does not belong to the access key',
    arrange: (aws) => answerAll(aws, wrongSignature),
    ...config('The secret does not belong to the access key', '"secret_access_key"'),
  },
  {
    name: 'a wrong signature with a role, whose session token is repeated to us',
    arrange: (aws) => answerAll(aws, wrongSignature),
    options: (aws) => role(aws),
    ...config('The secret does not belong to the access key'),
  },
  {
    name: 'a wrong signature with a session token of the environment',
    arrange: (aws) => {
      answerAll(aws, wrongSignature);
      aws.addPrincipal({
        accessKeyId: ENVIRONMENT_KEY,
        sessionToken: SESSION_TOKEN,
        arn: 'arn:aws:sts::123456789012:assumed-role/machine/x',
      });
    },
    options: () => ({ credentials: { auth_type: 'Role' } }),
    env: {
      AWS_ACCESS_KEY_ID: ENVIRONMENT_KEY,
      AWS_SECRET_ACCESS_KEY: ENVIRONMENT_SECRET,
      AWS_SESSION_TOKEN: SESSION_TOKEN,
    },
    ...config('The secret does not belong to the access key'),
  },
  {
    name: 'a session token that has expired',
    options: (aws) => {
      const session = aws.issueSession(-1000);
      return user(aws, {
        access_key_id: session.accessKeyId,
        secret_access_key: session.secretAccessKey,
        session_token: session.sessionToken,
      });
    },
    ...config('The credentials have expired', '"session_token"'),
  },
  {
    name: 'a role that may not be assumed',
    arrange: (aws) => aws.deny({ operation: 'AssumeRole', table: '*' }),
    options: (aws) => role(aws),
    ...config(`The role ${ROLE_ARN} cannot be assumed`, 'trust policy', 'sts:AssumeRole'),
  },
  {
    name: 'a role with an access key that STS does not know',
    options: (aws) => role(aws, { access_key_id: 'AKIAUNKNOWNEXAMPLE00' }),
    ...config('does not know the access key', 'sts:AssumeRole', '"access_key_id"'),
  },
  {
    name: 'a role with a secret that does not belong to the access key',
    arrange: (aws) =>
      aws.on('AssumeRole', () => stsError('SignatureDoesNotMatch', 'The request signature…')),
    options: (aws) => role(aws),
    ...config('The secret does not belong to the access key', 'sts:AssumeRole'),
  },
  {
    name: 'a role in a region that is not enabled',
    arrange: (aws) =>
      aws.on('AssumeRole', () => stsError('RegionDisabledException', 'STS is not activated')),
    options: (aws) => role(aws),
    ...config('us-east-1 is not enabled for STS'),
  },
  {
    name: 'no credentials in the environment',
    options: () => ({ credentials: { auth_type: 'Role' } }),
    ...config('No AWS credentials were found in the environment', 'AWS_ACCESS_KEY_ID'),
  },
  {
    name: 'a profile that does not exist',
    options: () => ({ credentials: { auth_type: 'Role', profile: 'nobody' } }),
    ...config('The profile nobody provides no AWS credentials'),
  },
  {
    name: 'a table that may not be described',
    arrange: (aws) => aws.deny({ operation: 'DescribeTable', table: 'orders' }),
    ...config('not allowed to call dynamodb:DescribeTable on orders', 'IAM policy'),
  },
  {
    name: 'a table that may not be scanned',
    arrange: (aws) => aws.deny({ operation: 'Scan', table: 'orders' }),
    ...config('not allowed to call dynamodb:Scan on orders', 'IAM policy'),
  },
  {
    name: 'a table that does not exist',
    arrange: (aws) => aws.removeTable('orders'),
    options: () => ({ tables: ['orders'] }),
    ...config('The table orders does not exist in us-east-1 at http://127.0.0.1', '"region"'),
  },
  {
    name: 'an endpoint that answers 200 in HTML',
    arrange: (aws) => answerAll(aws, () => rawReply(200, HTML, { 'content-type': 'text/html' })),
    ...config(/http:\/\/127\.0\.0\.1:\d+ does not answer like an AWS service/, '"endpoint"'),
  },
  {
    name: 'an endpoint that answers 404 in HTML',
    arrange: (aws) => answerAll(aws, () => rawReply(404, HTML, { 'content-type': 'text/html' })),
    ...config(/http:\/\/127\.0\.0\.1:\d+ does not answer like an AWS service \(HTTP 404\)/),
  },
  {
    name: 'an endpoint that answers 404 with nothing',
    arrange: (aws) => answerAll(aws, () => rawReply(404, '')),
    ...config(/http:\/\/127\.0\.0\.1:\d+ does not answer like an AWS service \(HTTP 404\)/),
  },
  {
    name: 'an endpoint that answers 403 in HTML, as a web firewall does',
    arrange: (aws) => answerAll(aws, () => rawReply(403, HTML, { 'content-type': 'text/html' })),
    ...config(/http:\/\/127\.0\.0\.1:\d+ does not answer like an AWS service \(HTTP 403\)/),
  },
];

/** What must never be written: the config's own, those of the environment above, and what the fake's STS issues. */
export function secretsOf({ credentials }: JsonObject): readonly string[] {
  const own = Object.entries(credentials as JsonObject).flatMap(([name, value]) =>
    ['access_key_id', 'secret_access_key', 'session_token'].includes(name) &&
    typeof value === 'string'
      ? [value]
      : [],
  );
  return [...own, SESSION_TOKEN, ENVIRONMENT_SECRET, 'session-secret-', 'session-token-'];
}
