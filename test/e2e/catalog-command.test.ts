import { expect } from 'chai';
import { runConnector } from '../support/connector.ts';
import { startFakeAws, type FakeAws } from '../support/fake-aws.ts';
import { parseJsonObject, type JsonObject } from '../support/json.ts';
import { writeJson, writeText } from '../support/temp-files.ts';
import { numberedTable } from './support/numbered-table.ts';
import { engineConfig } from './support/source-runs.ts';

describe('the catalog command', () => {
  let aws: FakeAws;
  let config: string;

  before(async () => {
    const tables = ['orders', 'orders-old', 'users'].map((name) => numberedTable(name, 5, 2));
    aws = await startFakeAws({ tables });
    config = await writeJson(engineConfig(aws));
  });
  after(() => aws.stop());

  async function catalog(...flags: readonly string[]): Promise<readonly JsonObject[]> {
    const args = ['catalog', '--config', config, ...flags];
    const run = await runConnector(args, { stdout: 'text' });
    expect(run.exitCode, run.stderr).to.equal(0);
    return parseJsonObject(run.text).streams as readonly JsonObject[];
  }

  function namesOf(streams: readonly JsonObject[]): readonly unknown[] {
    return streams.map(({ stream }) => (stream as JsonObject).name);
  }

  it('writes every stream, configured as full refresh', async () => {
    const streams = await catalog();
    expect(namesOf(streams)).to.deep.equal(['orders', 'orders-old', 'users']);
    for (const stream of streams) {
      expect(stream).to.include({ sync_mode: 'full_refresh', destination_sync_mode: 'overwrite' });
      expect(stream.primary_key).to.deep.equal([['pk']]);
    }
  });

  it('takes the sync mode of --sync-mode', async () => {
    for (const stream of await catalog('--sync-mode', 'incremental')) {
      expect(stream).to.include({
        sync_mode: 'incremental',
        destination_sync_mode: 'append_dedup',
      });
    }
  });

  for (const [glob, names] of [
    ['orders*', ['orders', 'orders-old']],
    ['orders', ['orders']],
    ['?sers', ['users']],
  ] as const) {
    it(`writes the streams that --streams ${glob} matches`, async () => {
      expect(namesOf(await catalog('--streams', glob))).to.deep.equal(names);
    });
  }

  describe('with --cursor', () => {
    const flags = ['--sync-mode', 'incremental', '--cursor'];

    it('has the streams that have the attribute go by it, and names the others', async () => {
      const other = { ...numberedTable('other', 0, 1), items: ['{"pk":{"S":"a"}}'] };
      const nested = ['{"pk":{"S":"a"},"meta":{"M":{"n":{"N":"1"}}},"meta.n":{"BOOL":true}}'];
      const tables = [
        numberedTable('orders', 5, 2),
        other,
        { ...other, name: 'nested', items: nested },
      ];
      const own = await startFakeAws({ tables });
      try {
        const args = ['catalog', '--config', await writeJson(engineConfig(own)), ...flags];
        const run = await runConnector([...args, 'n'], { stdout: 'text' });
        const streams = parseJsonObject(run.text).streams as readonly JsonObject[];
        expect(streams.map(({ cursor_field: field }) => field)).to.deep.equal([[], ['n'], []]);
        expect(run.stderr).to.include('have no column "n"').and.include('"nested", "other"');
        const inside = await runConnector([...args, 'meta.n', '--streams', 'nested'], {
          stdout: 'text',
        });
        expect(inside.text.replaceAll(/\s/g, '')).to.include('"cursor_field":["meta","n"]');
      } finally {
        await own.stop();
      }
    });

    it('takes a member of packed records', async () => {
      const packed = await writeJson(engineConfig(aws, { record_format: 'packed' }));
      const args = ['catalog', '--config', packed, ...flags, 'data.n'];
      const run = await runConnector(args, { stdout: 'text' });
      expect(run.text.replaceAll(/\s/g, '')).to.include('"cursor_field":["data","n"]');
    });

    it('fails when no stream has it', async () => {
      const run = await runConnector(['catalog', '--config', config, ...flags, 'updated_at']);
      expect(run.exitCode).to.equal(1);
      expect(run.errors[0]?.message).to.include('No stream has a column "updated_at"');
    });

    it('is refused without --sync-mode incremental', async () => {
      const run = await runConnector(['catalog', '--config', config, '--cursor', 'n']);
      expect(run.exitCode).to.equal(2);
      expect(run.stderr).to.include('--cursor needs --sync-mode incremental.');
    });
  });

  it('writes what read takes, through standard input as well', async () => {
    const args = ['catalog', '--config', config];
    const written = await runConnector(args, { stdout: 'text' });
    const file = await writeText(written.text, '.txt');
    const fromFile = await runConnector(['read', '--config', config, '--catalog', file]);
    const fromStdin = await runConnector(['read', '--config', config, '--catalog', '-'], {
      stdin: written.text,
    });
    for (const run of [fromFile, fromStdin]) {
      expect(run.exitCode, run.text).to.equal(0);
      expect(run.recordCount('users')).to.equal(5);
    }
  });

  it('fails with a trace and exit code 1 for a config that is not valid', async () => {
    const run = await runConnector(['catalog', '--config', await writeJson({})]);
    expect(run.exitCode).to.equal(1);
    expect(run.errors.map((error) => error.failure_type)).to.deep.equal(['config_error']);
    // Standard output is where the catalog would have gone, which is a file more often than not.
    expect(run.stderr).to.include('"region" is missing');
  });
});

describe('a config on standard input', () => {
  let aws: FakeAws;

  before(async () => {
    aws = await startFakeAws({ tables: [numberedTable('orders', 5, 2)] });
  });
  after(() => aws.stop());

  for (const command of ['check', 'discover', 'catalog'] as const) {
    it(`is taken by ${command} for -`, async () => {
      const run = await runConnector([command, '--config', '-'], {
        stdin: JSON.stringify(engineConfig(aws)),
        stdout: 'text',
      });
      expect(run.exitCode, run.text).to.equal(0);
      expect(run.text).to.match(/SUCCEEDED|"orders"/);
    });
  }

  it('is reported when it is empty', async () => {
    const run = await runConnector(['check', '--config', '-']);
    expect(run.connectionStatus?.status).to.equal('FAILED');
  });
});
