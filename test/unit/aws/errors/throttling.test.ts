import { expect } from 'chai';
import { classifyError } from '../../../../src/aws/errors/classify-error.ts';

const HOT = 'TableReadKeyRangeThroughputExceeded';
const HOT_INDEX = 'IndexReadKeyRangeThroughputExceeded';
const PROVISIONED = 'TableReadProvisionedThroughputExceeded';
const ACCOUNT = 'TableReadAccountLimitExceeded';
const ON_DEMAND = 'IndexReadMaxOnDemandThroughputExceeded';

const CASES: readonly (readonly [
  string,
  string,
  readonly string[] | undefined,
  string | undefined,
])[] = [
  ['a hot key range', 'ProvisionedThroughputExceededException', [HOT], 'segment'],
  ['a hot key range of an index', 'ThrottlingException', [HOT_INDEX], 'segment'],
  ['the provisioned capacity', 'ProvisionedThroughputExceededException', [PROVISIONED], 'table'],
  ['the limit of the account', 'RequestLimitExceeded', [ACCOUNT], 'table'],
  ['the on-demand maximum', 'ThrottlingException', [ON_DEMAND], 'table'],
  ['several reasons', 'ThrottlingException', [HOT, PROVISIONED], 'table'],
  ['no reasons', 'ProvisionedThroughputExceededException', [], 'table'],
  ['reasons of an older server', 'ProvisionedThroughputExceededException', undefined, 'table'],
  ['another failure', 'InternalServerError', [HOT], undefined],
];

const CALL = { service: 'dynamodb', action: 'dynamodb:Scan', region: 'us-east-1' } as const;

describe('the scope of a throttling', () => {
  for (const spelling of ['ThrottlingReasons', 'throttlingReasons']) {
    for (const [name, exception, reasons, scope] of CASES) {
      it(`is ${scope ?? 'none'} for ${name} in ${spelling}`, () => {
        const list = reasons?.map((reason) => ({ reason, resource: 'arn' }));
        const error = Object.assign(new Error('slow down'), { name: exception, [spelling]: list });
        expect(classifyError(error, CALL).throttling).to.equal(scope);
      });
    }
  }
});
