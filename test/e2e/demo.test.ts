import { expect } from 'chai';
import { spawn, type ChildProcessByStdio } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync } from 'node:fs';
import type { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { compareWithItems, itemKeys } from '../demo/read-tally.ts';
import { customers } from '../demo/tables/customers.ts';
import { atExit } from '../support/at-exit.ts';
import { makeTempDirectory } from '../support/temp-files.ts';

const DEMO_PATH = fileURLToPath(new URL('../demo/demo.js', import.meta.url));
/** About 17 s on two idle cores. */
const TIMEOUT_MS = 600_000;
/** What colours and movements of the cursor begin with. */
const ESCAPE = '\u001b';

interface RunningDemo {
  readonly child: ChildProcessByStdio<null, Readable, null>;
  /** All of stdout until now. */
  readonly output: { text: string };
  /** Resolves when it has ended. */
  readonly done: Promise<unknown>;
  /** Where it may put temporary files. */
  readonly directory: string;
}

function startDemo(): RunningDemo {
  const directory = makeTempDirectory();
  const child = spawn(process.execPath, [DEMO_PATH], {
    // Node's own cache of compiled code is not the demo's to remove.
    env: { ...process.env, TMPDIR: directory, NODE_DISABLE_COMPILE_CACHE: '1' },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  child.once(
    'exit',
    atExit(() => child.kill('SIGKILL')),
  );
  const output = { text: '' };
  child.stdout.setEncoding('utf8').on('data', (text: string) => (output.text += text));
  return { child, output, done: once(child, 'close'), directory };
}

/** Resolves when the demo has written that; rejects when it ends without it. */
async function untilWritten({ child, output, done }: RunningDemo, text: string): Promise<void> {
  while (!output.text.includes(text)) {
    await Promise.race([once(child.stdout, 'data'), done]);
    if (child.exitCode !== null || child.signalCode !== null)
      throw new Error(`the demo ended without "${text}"`);
  }
}

describe('the demo', function () {
  this.timeout(TIMEOUT_MS);

  describe('without a terminal', () => {
    let demo: RunningDemo;
    let lines: readonly string[];

    before(async () => {
      demo = startDemo();
      await demo.done;
      lines = demo.output.text.trimEnd().split('\n');
    });

    it('reads every item exactly once over an interruption', () => {
      expect(demo.child.exitCode, demo.output.text).to.equal(0);
      expect(lines).to.include('   ✓ All 38 digits of the transaction are there.');
      expect(lines).to.include('   ✓ 20,000 of 20,000 items, each exactly once.');
    });

    it('captures changes that are made while it reads, a delete with the item as it was', () => {
      expect(lines).to.include('   ✓ 4 rows of the snapshot, which have no sequence number.');
      const start = lines.findIndex((line) => line.startsWith('   The delete of B-1003'));
      const shown = lines.slice(start + 1).join('\n');
      const deleted = JSON.parse(/\{[^}]*\}/.exec(shown)?.[0] ?? '{}') as object;
      expect(deleted).to.include({
        ...{ pk: 'B-1003', customer: 'Linus', articles: 2, total: 1249.5 },
        _ab_cdc_deleted_by: 'user',
      });
      expect(deleted).to.have.property('_ab_cdc_deleted_at').that.is.a('string');
      expect(lines.join('\n')).to.match(
        /✓ The newest version of each key is what the table held after those \d+ changes\./,
      );
    });

    it('ends by saying where to go next', () => {
      expect(lines.at(-7)).to.match(/^ {3}✓ Everything is as it should be, after \d+ s\.$/);
      expect(lines.slice(-5).map((line) => line.trim().split(/ {2,}/)[0])).to.deep.equal([
        'Where to go next',
        'README.md',
        'npm test',
        'npm run bench',
        'node dist/main.js --help',
      ]);
    });

    it('writes neither colours nor lines that change in place', () => {
      expect(lines).to.include('   100 %  20,000 items');
      expect(demo.output.text).to.not.include(ESCAPE);
      expect(demo.output.text).to.not.include('\r');
    });

    it('leaves no file behind', () => {
      expect(readdirSync(demo.directory)).to.deep.equal([]);
    });
  });

  it('removes its files and dies of the signal when it is interrupted', async () => {
    const demo = startDemo();
    await untilWritten(demo, '25 %');
    expect(readdirSync(demo.directory)).to.have.lengthOf(1);
    demo.child.kill('SIGINT');
    await demo.done;

    expect(demo.child.signalCode).to.equal('SIGINT');
    expect(readdirSync(demo.directory)).to.deep.equal([]);
  });

  it('tells missing, repeated and unknown records', () => {
    const keys = itemKeys(customers);
    const [first = '', ...others] = keys;

    expect(compareWithItems(customers, keys)).to.deep.equal(outcome(0, 0, 0));
    expect(compareWithItems(customers, others)).to.deep.equal(outcome(1, 0, 0));
    expect(compareWithItems(customers, [...keys, first])).to.deep.equal(outcome(0, 1, 0));
    expect(compareWithItems(customers, [...keys, '["C-1"]'])).to.deep.equal(outcome(0, 0, 1));
  });
});

function outcome(missing: number, repeated: number, unknown: number): object {
  return { missing, repeated, unknown };
}
