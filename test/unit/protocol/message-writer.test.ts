import { expect } from 'chai';
import { Writable } from 'node:stream';
import { ConfigError, SystemError, TransientError } from '../../../src/errors.ts';
import { MessageWriter, OutputError } from '../../../src/protocol/message-writer.ts';
import { Redactor } from '../../../src/protocol/redactor.ts';
import { gatherOutput } from './gather-output.ts';

const SECRET = 'wJalrXUtnFEMI';

interface ErrorTrace {
  readonly type: string;
  readonly trace: {
    readonly type: string;
    readonly emitted_at: number;
    readonly error: Readonly<Record<string, unknown>>;
  };
}

async function traceOf(thrown: unknown, stream?: { readonly name: string }): Promise<ErrorTrace> {
  const output = gatherOutput();
  const redactor = new Redactor();
  redactor.add(SECRET);
  await new MessageWriter(output.stream, redactor).writeError(thrown, stream);
  return JSON.parse(output.text()) as ErrorTrace;
}

describe('the message writer', () => {
  it('writes a message a line, in the order of the calls', async () => {
    const output = gatherOutput();
    const writer = new MessageWriter(output.stream, new Redactor());
    const written = [
      writer.write({ type: 'LOG', log: { level: 'INFO', message: 'a\nb' } }),
      writer.writeLines(Buffer.from('{"type":"RECORD"}\n')),
      writer.write({ type: 'CONNECTION_STATUS', connectionStatus: { status: 'SUCCEEDED' } }),
    ];
    await Promise.all(written);
    expect(output.text()).to.equal(
      [
        '{"type":"LOG","log":{"level":"INFO","message":"a\\nb"}}\n',
        '{"type":"RECORD"}\n',
        '{"type":"CONNECTION_STATUS","connectionStatus":{"status":"SUCCEEDED"}}\n',
      ].join(''),
    );
  });

  it('writes no line break of Unicode raw, whoever made the text, so that a line is one to Python too', async () => {
    const output = gatherOutput();
    const writer = new MessageWriter(output.stream, new Redactor());
    const message = 'a\u0084\u0085\u2027\u2028\u2029\u202ab\\\u2028';
    await writer.write({ type: 'LOG', log: { level: 'INFO', message } });
    await writer.writeError(new ConfigError(message));
    await writer.writeLines(`${JSON.stringify({ [message]: message })}\n`);
    const text = output.text();
    expect(text).not.to.match(/[\u0085\u2028\u2029]/);
    const [log, trace, own] = text.split('\n').map((line): unknown => line && JSON.parse(line));
    expect(log).to.have.nested.property('log.message', message);
    expect(trace).to.have.nested.property('trace.error.message', message);
    expect(own).to.deep.equal({ [message]: message });
  });

  it('resolves only when a slow output has taken the lines', async () => {
    const taking: (() => void)[] = [];
    const stream = new Writable({
      highWaterMark: 1,
      write: (_chunk, _encoding, done) => void taking.push(done),
    });
    const writer = new MessageWriter(stream, new Redactor());
    const events: string[] = [];
    const first = writer.writeLines('first\n').then(() => events.push('first written'));
    const second = writer.writeLines('second\n').then(() => events.push('second written'));
    await Promise.resolve();
    expect(events).to.deep.equal([]);
    taking[0]?.();
    await first;
    expect(events).to.deep.equal(['first written']);
    taking[1]?.();
    await second;
    expect(events).to.deep.equal(['first written', 'second written']);
  });

  it('fails with the cause when the output is gone, and every time after', async () => {
    const cause = Object.assign(new Error('write EPIPE'), { code: 'EPIPE' });
    const stream = new Writable({ write: (_chunk, _encoding, done) => done(cause) });
    stream.on('error', () => undefined);
    const writer = new MessageWriter(stream, new Redactor());
    const failures = await Promise.allSettled([writer.writeLines('a\n'), writer.writeLines('b\n')]);
    const later = await Promise.allSettled([
      writer.write({ type: 'LOG', log: { level: 'INFO', message: 'c' } }),
    ]);
    for (const result of [...failures, ...later]) {
      if (result.status === 'fulfilled') expect.fail('written to an output that is gone');
      expect(result.reason).to.be.instanceOf(OutputError);
    }
    const [first] = failures;
    expect(first.status === 'rejected' && (first.reason as OutputError).cause).to.equal(cause);
  });

  it('writes an error with its kind and its cause', async () => {
    const cause = new TypeError('no route');
    const before = Date.now();
    const { type, trace } = await traceOf(new TransientError('Try again later.', { cause }));
    expect([type, trace.type]).to.deep.equal(['TRACE', 'ERROR']);
    expect(trace.emitted_at).to.be.within(before, Date.now());
    expect(trace.error).to.deep.equal({
      message: 'Try again later.',
      internal_message: 'TypeError: no route',
      stack_trace: cause.stack,
      failure_type: 'transient_error',
    });
  });

  it('writes an error without a cause with its own stack', async () => {
    const error = new SystemError('Please report this.');
    const { trace } = await traceOf(error);
    expect(trace.error).to.deep.equal({
      message: 'Please report this.',
      stack_trace: error.stack,
      failure_type: 'system_error',
    });
  });

  it('writes no stack for what the user has to act on', async () => {
    const cause = new Error("ENOENT: no such file or directory, open 'c.json'");
    const { trace } = await traceOf(new ConfigError('Check the path.', { cause }));
    expect(trace.error).to.deep.equal({
      message: 'Check the path.',
      internal_message: `Error: ${cause.message}`,
      failure_type: 'config_error',
    });
  });

  it('writes the stream that failed', async () => {
    const { trace } = await traceOf(new SystemError('a'), { name: 'orders' });
    expect(trace.error.stream_descriptor).to.deep.equal({ name: 'orders' });
  });

  it('writes anything else that was thrown as a fault of its own', async () => {
    for (const thrown of [new RangeError('too long'), 'text', undefined, { a: 1 }]) {
      const { trace } = await traceOf(thrown);
      expect(trace.error.failure_type).to.equal('system_error');
      expect(trace.error.message).to.match(/^The connector failed unexpectedly \(/);
    }
    const { trace } = await traceOf(new RangeError('too long'));
    expect(trace.error.message).to.include('RangeError: too long');
  });

  it('masks secrets in messages, causes and stacks', async () => {
    const cause = new Error(`refused ${SECRET}`);
    const { trace } = await traceOf(new ConfigError(`The key ${SECRET} is wrong.`, { cause }));
    expect(trace.error.message).to.equal('The key **** is wrong.');
    expect(trace.error.internal_message).to.equal('Error: refused ****');
    expect(JSON.stringify(trace)).not.to.include(SECRET);
  });
});
