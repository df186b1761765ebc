import { expect } from 'chai';
import { PassThrough } from 'node:stream';
import { TransientError } from '../../../src/errors.ts';
import { StreamProgress } from '../../../src/monitoring/stream-progress.ts';
import { systemClock } from '../../../src/monitoring/clock.ts';
import { MessageWriter } from '../../../src/protocol/message-writer.ts';
import { Redactor } from '../../../src/protocol/redactor.ts';
import { listenTo } from '../../../src/source/listen-to.ts';
import { StreamMessages } from '../../../src/source/stream-messages.ts';
import { gatherLog } from './gather-log.ts';

const OUTAGE = new TransientError('DynamoDB did not answer.', { reason: 'unanswered' });

describe('what is told of a stream that has to try again', () => {
  it('is one warning of many parts that fail at once for the same reason, and all are counted', () => {
    const logger = gatherLog();
    const progress = new StreamProgress('orders', systemClock);
    const writer = new MessageWriter(new PassThrough(), new Redactor());
    const messages = new StreamMessages(writer, { name: 'orders' });
    let now = 0;
    const events = listenTo(logger, { messages, progress }, () => now);
    const fail = (count: number, error: TransientError): void => {
      for (let index = 0; index < count; index++) events.retrying(error, 5000);
    };
    fail(1000, OUTAGE);
    now += 5000;
    fail(1000, OUTAGE);
    fail(1, new TransientError('The table is throttled.', { reason: 'throttled' }));
    events.retrying(OUTAGE, 50);
    expect(logger.lines.filter((line) => line.startsWith('WARN'))).to.deep.equal([
      'WARN orders: trying again in 5.0 s. DynamoDB did not answer.',
      'WARN orders: trying again in 5.0 s. DynamoDB did not answer.',
      'WARN orders: trying again in 5.0 s. The table is throttled.',
    ]);
    expect(logger.lines).to.have.length(2002);
    expect(progress.retries).to.equal(2001);
    expect(progress.throttles).to.equal(1);
  });
});
