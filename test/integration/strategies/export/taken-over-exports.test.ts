import { expect } from 'chai';
import { ConfigError } from '../../../../src/errors.ts';
import type { JsonObject } from '../../../support/json.ts';
import { findKey, type Outcome, readAll } from './existing-exports-world.ts';
import { type AttemptOptions, ExportWorld } from './export-world.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

describe('exports of others', () => {
  let world: ExportWorld;

  beforeEach(async () => {
    world = await ExportWorld.open();
    world.history.put(1000 * (world.now - 20 * DAY_MS), 'old', 1);
    world.history.delete(1000 * (world.now - 2 * HOUR_MS), 'old');
    world.history.put(1000 * (world.now - 2 * HOUR_MS), 'new', 2);
    world.exports.earliest = world.now - 30 * DAY_MS;
  });
  afterEach(() => world.close());

  function read(options: AttemptOptions = {}): Promise<Outcome> {
    return readAll(world, { config: {}, ...options });
  }

  /** Starts a full export as of so many milliseconds ago, to the place of the config. */
  async function startOther(agoMs: number): Promise<void> {
    const start = world.aws.handler('ExportTableToPointInTime');
    const input = {
      ...{ TableArn: world.exports.tableArn, S3Bucket: world.s3.bucket },
      ...{ S3Prefix: 'airbyte/orders', ExportFormat: 'DYNAMODB_JSON', ExportType: 'FULL_EXPORT' },
      ...{ ClientToken: 'of another', ExportTime: Math.floor((world.now - agoMs) / 1000) },
    };
    await start(input, { operation: 'ExportTableToPointInTime', input } as never);
  }

  for (const syncMode of ['incremental', 'full_refresh'] as const) {
    it(`are not taken over under ${syncMode} when they are of a moment long ago`, async () => {
      await startOther(9 * DAY_MS);
      const { rows, error } = await read({ syncMode });
      expect(error).to.equal(undefined);
      expect(rows.map(({ pk }) => pk)).to.deep.equal(['new']);
      expect(world.exports.started).to.have.length(2);
    });

    it(`are taken over under ${syncMode} while they are under way as of a recent moment`, async () => {
      await startOther(20 * MINUTE_MS);
      const { rows, error } = await read({ syncMode });
      expect([rows.length, error]).to.deep.equal([1, undefined]);
      expect(world.exports.started).to.have.length(1);
    });
  }

  it('are taken over when they have ended, to be followed by windows alone', async () => {
    const first = await read();
    world.pass(5 * MINUTE_MS);
    expect((await read()).rows).to.deep.equal(first.rows);
    expect(world.exports.started).to.have.length(1);
    await read({ syncMode: 'full_refresh' });
    expect(world.exports.started).to.have.length(2);
  });

  it('are not taken over when they were deleted from the bucket', async () => {
    await read();
    world.s3.objects.clear();
    const { rows, error } = await read();
    expect([rows.length, error]).to.deep.equal([1, undefined]);
    expect(world.exports.started).to.have.length(2);
  });

  it('are told with the way on when they are deleted before they are read', async () => {
    let saved: JsonObject | undefined;
    for await (const emission of world.attempt({})) {
      if (emission.kind === 'state') saved = emission.state;
      if (JSON.stringify(saved).includes('"manifest"')) break;
    }
    const key = findKey(world, 'manifest-summary.json');
    world.s3.objects.clear();
    const { error, states } = await read({ saved });
    expect(error).to.be.instanceOf(ConfigError);
    expect(error?.message).to.include(`The object s3://my-exports/${key} does not exist.`);
    expect(error?.message).to.include(
      'It belongs to the export of orders as of 2026-10-31T23:55:00Z: put it back, or clear the stream to read it again',
    );
    expect(states.every((state) => 'export' in state)).to.equal(true);
    expect((await read()).rows).to.have.length(1);
  });
});
