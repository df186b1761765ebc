import { expect } from 'chai';
import type { DynamoDbConnection } from '../../../../src/aws/connection.ts';
import { describeTable } from '../../../../src/aws/dynamodb/tables.ts';
import { ConfigError, SystemError, TransientError } from '../../../../src/errors.ts';
import {
  awsError,
  rawReply,
  resetConnection,
  startFakeAws,
  truncated,
  wrongCrc,
  success,
  type FakeAws,
  type Reply,
} from '../../../support/fake-aws.ts';
import { openConnection } from '../open-connection.ts';

type Kind = typeof ConfigError | typeof TransientError | typeof SystemError;

const HTML = '<html><body>Service Unavailable</body></html>';
const NO = new AbortController().signal;

const dynamoDbError = (name: string, message = '…', status = 400): Reply =>
  awsError(name, message, { status });

/** What DynamoDB, or what stands before it, answers; what kind of error that is; and what it says. */
const CASES: readonly (readonly [string, Reply, Kind, RegExp])[] = [
  ...(
    [
      ['UnrecognizedClientException', ConfigError, /does not know the access key/],
      ['InvalidSignatureException', ConfigError, /secret does not belong/],
      ['ExpiredTokenException', ConfigError, /credentials have expired/],
      ['MissingAuthenticationTokenException', ConfigError, /no complete signature/],
      ['IncompleteSignatureException', ConfigError, /no complete signature/],
      [
        'AccessDeniedException',
        ConfigError,
        /not allowed to call dynamodb:DescribeTable on orders/,
      ],
      [
        'ResourceNotFoundException',
        ConfigError,
        /table orders does not exist in us-east-1 at http/,
      ],
      ['ProvisionedThroughputExceededException', TransientError, /throttling/],
      ['RequestLimitExceeded', TransientError, /throttling/],
      ['ThrottlingException', TransientError, /throttling/],
      ['LimitExceededException', TransientError, /throttling/],
      ['SerializationException', SystemError, /SerializationException/],
      ['UnknownOperationException', SystemError, /UnknownOperationException/],
    ] as const
  ).map(([name, kind, says]) => [name, dynamoDbError(name), kind, says] as const),
  [
    'ValidationException',
    dynamoDbError('ValidationException', 'One or more parameter values were invalid'),
    ConfigError,
    /One or more parameter values were invalid/,
  ],
  [
    'a signature of another time',
    dynamoDbError(
      'InvalidSignatureException',
      'Signature expired: 20300101T000000Z is now earlier',
    ),
    ConfigError,
    /clock of this machine is wrong/,
  ],
  ['a 500', dynamoDbError('InternalServerError', 'No', 500), TransientError, /AWS kept failing/],
  ['a 503', dynamoDbError('ServiceUnavailable', 'No', 503), TransientError, /AWS kept failing/],
  ['a 500 in HTML', rawReply(500, HTML), TransientError, /AWS kept failing/],
  ['a 503 in HTML', rawReply(503, HTML), TransientError, /AWS kept failing/],
  ['a 429 in HTML', rawReply(429, HTML), TransientError, /throttling/],
  ['a 404 in HTML', rawReply(404, HTML), ConfigError, /does not answer like an AWS service/],
  ['a 200 in HTML', rawReply(200, HTML), ConfigError, /does not answer like an AWS service/],
  ['a connection that is reset', resetConnection(), TransientError, /No answer from http/],
  ['an answer cut off', truncated(success({}), 1, 'reset'), TransientError, /No answer from http/],
  ['a wrong CRC-32', wrongCrc(success({ Table: {} })), TransientError, /arriving damaged/],
];

describe('the error table, with errors as the SDK gives them', () => {
  let aws: FakeAws;
  let connection: DynamoDbConnection;

  before(async () => {
    aws = await startFakeAws();
    connection = await openConnection(aws);
  });
  after(() => {
    connection.close();
    return aws.stop();
  });

  for (const [name, reply, kind, says] of CASES) {
    it(`makes a ${kind.name} of ${name}`, async () => {
      aws.on('DescribeTable', () => reply);
      const error = await describeTable(
        connection,
        { name: 'orders', reference: 'orders' },
        NO,
      ).then(
        () => expect.fail('the call succeeded'),
        (thrown: unknown) => connection.classify(thrown, 'dynamodb:DescribeTable', 'orders'),
      );
      expect(error).to.be.instanceOf(kind);
      expect(error.message).to.match(says);
      expect(error.cause).to.be.instanceOf(Error);
    });
  }
});
