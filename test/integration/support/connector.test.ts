import { expect } from 'chai';
import { runConnector, startConnector, type ConnectorRun } from '../../support/connector.ts';
import { writeText } from '../../support/temp-files.ts';

const STATE =
  '{"type":"STATE","state":{"type":"STREAM","stream":{"stream_descriptor":{"name":"t"},"stream_state":{"a":1}}}}';
const RECORD =
  '{"type":"RECORD","record":{"stream":"t","data":{"pk":"1","text":"a\u2028b"},"emitted_at":1}}';

function script(code: string): Promise<string> {
  return writeText(code, '.cjs');
}

async function failure(run: Promise<ConnectorRun>): Promise<string> {
  return run.then(
    (finished) => {
      throw new Error(`the run was accepted: ${finished.text}`);
    },
    (error: unknown) => String(error),
  );
}

/** Prints these lines and then waits for its end. */
function printAndWait(...lines: readonly string[]): string {
  return `process.stdout.write(${JSON.stringify(lines.join('\n'))}); setInterval(() => {}, 1000);`;
}

describe('running the connector', () => {
  it('groups the messages and keeps the lines', async () => {
    const entryPoint = await script(
      `console.log(${JSON.stringify([RECORD, STATE].join('\n'))}); console.error('seen'); process.exitCode = 3;`,
    );
    const run = await runConnector(['read'], { entryPoint });
    expect(run.lines).to.deep.equal([RECORD, STATE]);
    expect(run.records('t')).to.deep.equal([{ pk: '1', text: 'a\u2028b' }]);
    expect(run.states[0]?.stream.stream_state).to.deep.equal({ a: 1 });
    expect([run.exitCode, run.signal, run.stderr]).to.deep.equal([3, null, 'seen\n']);
  });

  it('passes arguments, standard input and environment on, without AWS credentials', async () => {
    process.env.AWS_ACCESS_KEY_ID = 'AKIALEAKED';
    const entryPoint = await script(
      `process.stdin.pipe(process.stdout); console.log(process.argv[2], process.env.EXTRA, process.env.AWS_ACCESS_KEY_ID);`,
    );
    const run = await runConnector(['check'], {
      ...{ entryPoint, stdin: 'from stdin', stdout: 'text', env: { EXTRA: 'extra' } },
    }).finally(() => delete process.env.AWS_ACCESS_KEY_ID);
    expect(run.text).to.equal('check extra undefined\nfrom stdin');
  });

  it('fails on a line that is not JSON, on one that is no message, and on a blank one', async () => {
    const lines = ['Hello', '{"type":"HELLO"}', '{"type":"RECORD"}', '', 'null'];
    const failures = lines.map(async (line) => {
      const code = `console.log(${JSON.stringify(`${line}\n${STATE}`)})`;
      return failure(runConnector([], { entryPoint: await script(code) }));
    });
    expect(await Promise.all(failures)).to.deep.equal([
      'Error: stdout carries a line that is not JSON: Hello',
      'Error: stdout carries a line that is no message: {"type":"HELLO"}',
      'Error: stdout carries a line that is no message: {"type":"RECORD"}',
      'Error: stdout carries a line that is not JSON: ',
      'Error: stdout carries a line that is no message: null',
    ]);
  });

  it('fails on half a last line', async () => {
    const entryPoint = await script(`process.stdout.write('{"type":"ST')`);
    expect(await failure(runConnector([], { entryPoint }))).to.include('not JSON');
  });

  it('allows half a last line after SIGKILL', async () => {
    const entryPoint = await script(printAndWait(RECORD, STATE, '{"type":"ST'));
    const running = startConnector([], { entryPoint });
    const message = await running.waitFor(({ type }) => type === 'STATE');
    running.kill('SIGKILL');
    const run = await running.done;
    expect(message.type).to.equal('STATE');
    expect([run.exitCode, run.signal]).to.deep.equal([null, 'SIGKILL']);
    expect([run.lines.length, run.partialLine]).to.deep.equal([2, '{"type":"ST']);
  });

  it('counts discarded records by stream', async () => {
    const entryPoint = await script(
      `console.log(${JSON.stringify([RECORD, RECORD, STATE].join('\n'))})`,
    );
    const run = await runConnector([], { entryPoint, discardRecords: true });
    expect(run.recordCount('t')).to.equal(2);
    expect(run.lines).to.deep.equal([STATE]);
  });

  it('rejects a wait that the run did not satisfy', async () => {
    const entryPoint = await script(`console.log(${JSON.stringify(RECORD)})`);
    const running = startConnector([], { entryPoint });
    const waited = running.waitFor(({ type }) => type === 'STATE').then(String, String);
    expect((await running.done).exitCode).to.equal(0);
    expect(await waited)
      .to.include('exit code 0')
      .and.to.include('without the awaited message');
  });
});
