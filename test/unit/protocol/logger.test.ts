import { expect } from 'chai';
import { Writable } from 'node:stream';
import { createLogger, logToMessages, logToText } from '../../../src/protocol/logger.ts';
import { MessageWriter, OutputError } from '../../../src/protocol/message-writer.ts';
import { Redactor } from '../../../src/protocol/redactor.ts';
import { gatherOutput } from './gather-output.ts';

const SECRET = 'wJalrXUtnFEMI';

function redactorOf(secret: string): Redactor {
  const redactor = new Redactor();
  redactor.add(secret);
  return redactor;
}

describe('the logger', () => {
  it('passes on each level, secrets masked', () => {
    const lines: string[] = [];
    const logger = createLogger(
      (level, message) => lines.push(`${level} ${message}`),
      redactorOf(SECRET),
      true,
    );
    logger.debug(`with ${SECRET}`);
    logger.info('info');
    logger.warn(`${SECRET}${SECRET}`);
    expect(lines).to.deep.equal(['DEBUG with ****', 'INFO info', 'WARN ********']);
  });

  it('passes on no DEBUG lines unless they are asked for', () => {
    const levels: string[] = [];
    const logger = createLogger((level) => levels.push(level), new Redactor(), false);
    logger.debug('a');
    logger.info('b');
    expect(levels).to.deep.equal(['INFO']);
  });

  it('writes LOG messages', async () => {
    const output = gatherOutput();
    const writer = new MessageWriter(output.stream, new Redactor());
    const sink = logToMessages(writer, (error) => expect.fail(String(error)));
    sink('INFO', 'two\nlines "quoted"');
    await writer.writeLines('');
    const log = { level: 'INFO', message: 'two\nlines "quoted"' };
    expect(output.text()).to.equal(`${JSON.stringify({ type: 'LOG', log })}\n`);
  });

  it('tells of an output that cannot be written', async () => {
    const stream = new Writable({
      write: (_chunk, _encoding, done) => done(new Error('gone')),
    });
    stream.on('error', () => undefined);
    const failure = new Promise((resolve) => {
      logToMessages(new MessageWriter(stream, new Redactor()), resolve)('INFO', 'a');
    });
    expect(await failure).to.be.instanceOf(OutputError);
  });

  it('writes lines for people, with the time', () => {
    const output = gatherOutput();
    logToText(output.stream, () => new Date(1795694600789))('WARN', 'take care');
    expect(output.text()).to.equal('2026-11-26T12:03:20Z WARN take care\n');
  });
});
