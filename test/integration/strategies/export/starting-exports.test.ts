import { expect } from 'chai';
import { ConfigError, TransientError } from '../../../../src/errors.ts';
import type { JsonObject } from '../../../support/json.ts';
import { type Outcome, readAll as readExisting } from './existing-exports-world.ts';
import { type AttemptOptions, ExportWorld } from './export-world.ts';

const HOUR_MS = 60 * 60_000;
const DAY_MS = 24 * HOUR_MS;
const TABLE_ARN = 'arn:aws:dynamodb:us-east-1:123456789012:table/orders';

describe('exports that are started', () => {
  let world: ExportWorld;

  beforeEach(async () => {
    world = await ExportWorld.open();
    world.history.put(1000 * (world.now - HOUR_MS), 'a', 1);
    world.history.put(1000 * (world.now - HOUR_MS) + 1, 'b', 2);
  });
  afterEach(() => world.close());

  function read(options: AttemptOptions = {}): Promise<Outcome> {
    return readExisting(world, { config: {}, ...options });
  }

  /** The state that a whole first sync leaves. */
  async function readFull(): Promise<JsonObject> {
    const { states, error } = await read();
    expect(error).to.equal(undefined);
    return states.at(-1) ?? {};
  }

  it('are asked for as the config says', async () => {
    const more = {
      export: {
        ...{ s3_bucket: world.s3.bucket, s3_prefix: '/a/b/', s3_bucket_owner: '210987654321' },
        s3_sse_kms_key_id: 'key-1',
      },
    };
    const { states } = await read({ config: more });
    world.pass(HOUR_MS);
    await read({ config: more, saved: states.at(-1) });
    const [full, incremental] = world.exports.started.map(({ input }) => input);
    const common = {
      ...{ TableArn: world.exports.tableArn, S3Bucket: 'my-exports', S3Prefix: 'a/b' },
      ...{ S3BucketOwner: '210987654321', S3SseAlgorithm: 'KMS', S3SseKmsKeyId: 'key-1' },
      ExportFormat: 'DYNAMODB_JSON',
    };
    const { ClientToken: token, ...rest } = full ?? {};
    expect(token).to.match(/^[0-9a-f]{64}$/);
    expect(rest).to.deep.equal({ ...common, ExportType: 'FULL_EXPORT', ExportTime: 1_793_490_900 });
    const changes = incremental ?? {};
    expect(changes).to.deep.include({ ...common, ExportType: 'INCREMENTAL_EXPORT' });
    expect(changes.IncrementalExportSpecification).to.deep.include({
      ExportFromTime: 1_793_490_900,
      ExportViewType: 'NEW_AND_OLD_IMAGES',
    });
    const headers = world.s3.requests.length;
    expect(headers).to.be.above(0);
  });

  it('have a state before they are started, and one with their ARN before they are waited for', async () => {
    const seen: JsonObject[] = [];
    for await (const emission of world.attempt({ writesState: () => false })) {
      if (emission.kind === 'state') seen.push(emission.state);
      if (seen.length === 1) expect(world.exports.started).to.have.length(0);
      if (seen.length === 2) break;
    }
    const [arn] = world.exports.started.map((started) => started.arn);
    const planned = { time: '2026-10-31T23:55:00Z', files: {} };
    const table = TABLE_ARN;
    expect(seen).to.deep.equal([
      { export: planned, table },
      { export: { arn, ...planned }, table },
    ]);
  });

  it('tell what is waited for and for how long, with states that differ', async () => {
    const { states } = await read();
    // It takes 400 seconds, and half a minute passes from poll to poll.
    expect(world.waits.length).to.be.within(12, 14);
    const awaited = new Set(world.waits.map((wait) => wait.awaited));
    expect([...awaited]).to.deep.equal(['the export as of 2026-10-31T23:55:00Z']);
    const times = world.waits.map(({ waitMs }) => waitMs);
    expect(times).to.deep.equal([...times].sort((one, other) => one - other));
    expect(times[0]).to.be.below(30_000);
    expect(times.at(-1)).to.be.within(340_000, 400_000);
    const polls = states.flatMap(({ polled_at: at }) => (at === undefined ? [] : [at]));
    expect(new Set(polls).size).to.be.above(5);
  });

  it('are followed by one of what has changed, in each later sync', async () => {
    const saved = await readFull();
    expect(saved).to.deep.equal({ until: '2026-10-31T23:55:00Z', table: TABLE_ARN });
    world.pass(HOUR_MS);
    world.history.put(1000 * world.now, 'c', 3);
    world.history.delete(1000 * world.now + 1, 'a');
    world.pass(HOUR_MS);
    const { rows, states } = await read({ saved });
    expect(
      rows.map(({ pk, v, _ab_cdc_deleted_at: at }) => [pk, v, at !== null]),
    ).to.have.deep.members([
      ['c', 3, false],
      ['a', 1, true],
    ]);
    expect(Object.keys(states.at(-1) ?? {})).to.have.members(['until', 'table']);
  });

  it('are several windows in order after a pause', async () => {
    const saved = await readFull();
    world.pass(3 * DAY_MS);
    await read({ saved });
    const windows = world.exports.started.flatMap(({ scope }) =>
      scope.kind === 'incremental' ? [(scope.to - scope.from) / HOUR_MS] : [],
    );
    expect(windows.slice(0, 3)).to.deep.equal([24, 24, 24]);
    expect(
      world.exports.started.every(({ scope }, index, all) => {
        const before = all[index - 1]?.scope;
        if (scope.kind === 'full' || before === undefined) return true;
        return scope.from === (before.kind === 'full' ? before.time : before.to);
      }),
    ).to.equal(true);
  });

  it('are none while a quarter of an hour has not passed', async () => {
    const saved = await readFull();
    const { rows, states, error } = await read({ saved });
    expect([rows, states, error]).to.deep.equal([[], [saved], undefined]);
    expect(world.exports.started).to.have.length(1);
  });

  it('are full ones for each full refresh, which an attempt after its end does not read again', async () => {
    const { states, rows } = await read({ syncMode: 'full_refresh' });
    expect(rows).to.have.length(2);
    const saved = states.at(-1);
    expect(saved).to.deep.equal({
      until: '2026-10-31T23:55:00Z',
      table: TABLE_ARN,
      complete: true,
    });
    const again = await read({ syncMode: 'full_refresh', saved });
    expect(again).to.deep.include({ rows: [], states: [saved], error: undefined });
    expect((await read({ syncMode: 'full_refresh' })).rows).to.have.length(2);
    expect(world.exports.started).to.have.length(2);
  });

  it('are full ones when the state is of another replication method, or of windows under full refresh', async () => {
    const another = 'its state was written by another replication method';
    for (const [saved, syncMode, warning] of [
      [{ scan_complete: true }, 'incremental', another],
      [{ cursor_field: ['v'], cursor: '2', cursor_type: 'N' }, 'incremental', another],
      [{ until: '2026-10-31T20:00:00Z' }, 'full_refresh', 'the state is of an incremental read'],
    ] as const) {
      world.pass(2 * HOUR_MS);
      const { rows } = await read({ saved, syncMode });
      expect(rows).to.have.length(2);
      expect(world.notices.join('\n')).to.include(warning);
    }
    expect(world.exports.started.map(({ scope }) => scope.kind)).to.deep.equal([
      'full',
      'full',
      'full',
    ]);
  });

  it('fail with how to enable recovery where the table has none', async () => {
    world.exports.isEnabled = false;
    const { error } = await read();
    expect(error).to.be.instanceOf(ConfigError);
    expect(error?.message).to.include('Point-in-time recovery is not enabled for the table orders');
    expect(error?.message).to.include('update-continuous-backups --table-name orders');
    expect(error?.message).to.include('0.20 USD');
  });

  it('fail when recovery does not reach back to what was read', async () => {
    const saved = await readFull();
    world.pass(5 * HOUR_MS);
    world.exports.earliest = world.now - 2 * HOUR_MS;
    const { error, states } = await read({ saved });
    expect(error).to.be.instanceOf(ConfigError);
    expect(error?.message).to.include('were read until 2026-10-31T23:55:00Z');
    expect(error?.message).to.include('reaches back to 2026-11-01T03:');
    expect(states.every(({ until }) => until === saved.until)).to.equal(true);
    expect(world.exports.started).to.have.length(1);
  });

  it('judge only the present window by the recovery, not the full export before', async () => {
    const saved = await readFull();
    world.pass(2 * HOUR_MS);
    const { states } = await read({ saved });
    world.exports.earliest = world.now - HOUR_MS;
    world.pass(HOUR_MS / 2);
    expect((await read({ saved: states.at(-1) })).error).to.equal(undefined);
  });

  it('that failed are told with their message, and others are started in the next sync', async () => {
    world.exports.failure = { code: 'S3NoSuchBucket', message: 'The bucket does not exist' };
    const { error, states } = await read();
    expect(error).to.be.instanceOf(ConfigError);
    expect(error?.message).to.include(
      'The export of orders as of 2026-10-31T23:55:00Z failed: S3NoSuchBucket: The bucket does not exist.',
    );
    expect(states.at(-1)).to.deep.equal({});
    world.exports.failure = { code: 'InternalServerError', message: 'Try again' };
    expect((await read({ saved: states.at(-1) })).error).to.be.instanceOf(TransientError);
    world.exports.failure = undefined;
    const { rows } = await read({ saved: states.at(-1) });
    expect(rows).to.have.length(2);
  });

  it('that failed for no reason that DynamoDB tells are said to, and may be tried again', async () => {
    world.exports.failure = { code: '', message: '' };
    const { error } = await read();
    expect(error).to.be.instanceOf(TransientError);
    expect(error?.message).to.match(
      /^The export of orders as of 2026-10-31T23:55:00Z failed, and DynamoDB does not say why\. Sync again/,
    );
  });

  it('that failed are started once more, though their moment is the same', async () => {
    const first = await read();
    world.pass(30 * HOUR_MS);
    world.exports.failure = { code: 'S3NoSuchBucket', message: 'The bucket does not exist' };
    let { states, error } = await read({ saved: first.states.at(-1) });
    expect(error).to.be.instanceOf(ConfigError);
    ({ states, error } = await read({ saved: states.at(-1) }));
    expect(error).to.be.instanceOf(ConfigError);
    world.exports.failure = undefined;
    ({ error } = await read({ saved: states.at(-1) }));
    expect(error).to.equal(undefined);
    const windows = world.exports.started.flatMap(({ scope }) =>
      scope.kind === 'incremental' ? [`${scope.from} ${scope.to}`] : [],
    );
    expect(windows).to.have.length(4);
    expect(new Set(windows.slice(0, 3)).size).to.equal(1);
  });

  it('that may not be written are told with the actions and the bucket', async () => {
    const message =
      'Access Denied (Service: Amazon S3; Status Code: 403; Error Code: AccessDenied)';
    world.exports.failure = { code: 'UNKNOWN', message };
    const { error } = await read();
    expect(error).to.be.instanceOf(ConfigError);
    for (const action of ['s3:PutObject', 's3:PutObjectAcl', 's3:AbortMultipartUpload']) {
      expect(error?.message).to.match(new RegExp(`${action}\\b`));
    }
    expect(error?.message).to.include(message);
    expect(error?.message).to.include('on the bucket my-exports, and kms:GenerateDataKey');
  });

  it('are found again when the attempt that started them is long gone', async () => {
    for await (const emission of world.attempt({})) {
      if (emission.kind === 'state' && 'arn' in (emission.state.export as JsonObject)) break;
    }
    const planned = { export: { time: '2026-10-31T23:55:00Z', files: {} } };
    world.pass(9 * HOUR_MS);
    expect((await read({ saved: planned })).rows).to.have.length(2);
    expect(world.exports.started).to.have.length(1);
  });

  it('are started again when DynamoDB knows them no more', async () => {
    let saved: JsonObject = {};
    for await (const emission of world.attempt({})) {
      if (emission.kind === 'state') saved = emission.state;
      if ('arn' in ((saved.export ?? {}) as JsonObject)) break;
    }
    world.exports.forget(world.exports.started[0]?.arn ?? '');
    const { error, states } = await read({ saved });
    expect(error?.message).to.include('DynamoDB does not know the export of orders');
    world.pass(HOUR_MS);
    expect((await read({ saved: states.at(-1) })).rows).to.have.length(2);
    expect(world.exports.started).to.have.length(2);
  });

  it('are not shared by slices', async () => {
    const slice = { scan: { slice: { index: 0, count: 2 } } };
    const refused = await read({ config: slice, syncMode: 'full_refresh' });
    expect(refused.error?.message).to.include('All slices of orders must read the same export');
    const windows = await read({ config: slice });
    expect(windows.error?.message).to.include('can only be read as a full refresh');
  });
});
