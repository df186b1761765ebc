import { expect } from 'chai';
import type { JsonObject } from '../../../support/json.ts';
import {
  EXISTING,
  findKey,
  fullLines,
  layExport,
  layWindow,
  readAll,
  TIME,
} from './existing-exports-world.ts';
import { ExportWorld } from './export-world.ts';

const HOUR_MS = 60 * 60_000;

function deleted(key: string, micros: number): string {
  return `{"Metadata":{"WriteTimestampMicros":{"N":"${micros}"}},"Keys":{"pk":{"S":"${key}"}}}`;
}

describe('exports that lie in the bucket', () => {
  let world: ExportWorld;

  beforeEach(async () => {
    world = await ExportWorld.open();
    // All that is laid there has ended.
    world.pass(10 * 24 * HOUR_MS);
  });
  afterEach(async () => {
    expect(world.exports.started, 'nothing is started').to.have.length(0);
    await world.close();
  });

  it('are the newest full one and the incremental ones that continue it, each once', async () => {
    layExport(world, {
      id: `0${TIME - 9 * HOUR_MS}-aaaaaaaa`,
      scope: { kind: 'full', time: TIME - 9 * HOUR_MS },
      files: [{ name: 'older', lines: fullLines(1, 50) }],
    });
    layExport(world, {
      id: `0${TIME + HOUR_MS}-bbbbbbbb`,
      tableArn: world.exports.tableArn.replace('orders', 'others'),
      scope: { kind: 'full', time: TIME + HOUR_MS },
      files: [{ name: 'other', lines: fullLines(1, 60) }],
    });
    layExport(world);
    layWindow(world, [deleted('k0', 1_793_500_000_000_000)], 0);
    layWindow(world, [deleted('k1', 1_793_600_000_000_000)], 1);
    const { rows, states, error } = await readAll(world);
    expect(error).to.equal(undefined);
    const keys = rows.map(({ pk }) => pk);
    expect(keys.slice(0, 9)).to.have.members(fullLines(9).map((_, index) => `k${index}`));
    expect(keys.slice(9)).to.deep.equal(['k0', 'k1']);
    expect(states.at(-1)).to.deep.equal({
      until: '2026-11-02T12:00:00Z',
      table: world.exports.tableArn,
    });
    const again = await readAll(world, { saved: states.at(-1) });
    expect(again).to.deep.include({ rows: [], error: undefined });
  });

  it('may go on later, from where everything is read', async () => {
    layExport(world);
    const { states } = await readAll(world);
    layWindow(world, [deleted('k0', 1_793_500_000_000_000)], 0);
    const { rows } = await readAll(world, { saved: states.at(-1) });
    expect(rows.map(({ pk }) => pk)).to.deep.equal(['k0']);
  });

  it('are not looked at when they were started before everything that is read', async () => {
    layExport(world);
    for (let day = 0; day < 4; day++) layWindow(world, [], day);
    const { states } = await readAll(world);
    layWindow(world, [deleted('k0', 1_793_900_000_000_000)], 4);
    world.s3.requests.length = 0;
    const { rows } = await readAll(world, { saved: states.at(-1) });
    expect(rows.map(({ pk }) => pk)).to.deep.equal(['k0']);
    const asked = world.s3.requests.filter((key) => key.endsWith('manifest-summary.json'));
    // The last window that was read, and the new one, which is opened after it was found.
    expect(new Set(asked).size).to.equal(2);
    expect(asked).to.have.length(3);
  });

  it('are those that lead on furthest where several begin at the same time', async () => {
    layExport(world);
    const window = (hours: number, key: string) =>
      layExport(world, {
        id: `0${TIME + hours * HOUR_MS}-0000000${hours}`,
        scope: { kind: 'incremental', from: TIME, to: TIME + hours * HOUR_MS },
        files: [{ name: key, lines: [deleted(key, 1_793_500_000_000_000)] }],
      });
    window(1, 'k1');
    window(2, 'k2');
    const { rows, states } = await readAll(world);
    expect(rows.slice(9).map(({ pk }) => pk)).to.deep.equal(['k2']);
    expect(states.at(-1)?.until).to.equal('2026-10-31T14:00:00Z');
    expect(world.notices.join('\n')).not.to.include('there are newer exports');
  });

  for (const [title, begun] of Object.entries({
    planned: {},
    'waited for': { arn: 'arn:aws:dynamodb:us-east-1:123456789012:table/orders/export/0-a' },
  })) {
    it(`are read though another one was ${title} before the config said so`, async () => {
      layExport(world);
      layWindow(world, [deleted('k0', 1_793_500_000_000_000)], 0);
      const first = { export: { ...begun, time: '2026-10-31T23:00:00Z', files: {} } };
      const { rows, states, error } = await readAll(world, { saved: first });
      expect(error).to.equal(undefined);
      expect(rows).to.have.length(10);
      expect(states.at(-1)).to.deep.include({ until: '2026-11-01T12:00:00Z' });
    });
  }

  it('fail with the hole where one is missing in between', async () => {
    layExport(world);
    layWindow(world, [deleted('k0', 1_793_600_000_000_000)], 1);
    const { error, rows } = await readAll(world);
    expect(rows).to.have.length(9);
    expect(error?.message).to.include(
      'have a hole: everything is read until 2026-10-31T12:00:00Z, and the next one begins at 2026-11-01T12:00:00Z',
    );
  });

  it('warn when there are newer ones of which none continues', async () => {
    layExport(world);
    const { states } = await readAll(world);
    layExport(world, {
      id: `0${TIME + HOUR_MS}-bbbbbbbb`,
      scope: { kind: 'full', time: TIME + HOUR_MS },
    });
    const { rows, error } = await readAll(world, { saved: states.at(-1) });
    expect([rows, error]).to.deep.equal([[], undefined]);
    expect(world.notices.join('\n')).to.include(
      'no incremental one that begins at 2026-10-31T12:00:00Z',
    );
  });

  it('may begin in the second in which a full one was made, of which is warned', async () => {
    layExport(world, { scope: { kind: 'full', time: TIME + 608 } });
    layWindow(world, [deleted('k0', 1_793_500_000_000_000)], 0);
    const { rows, error } = await readAll(world);
    expect(error).to.equal(undefined);
    expect(rows).to.have.length(10);
    expect(world.notices.join('\n')).to.include('stays in the destination');
  });

  it('are passed over while they have no summary', async () => {
    layExport(world);
    layWindow(world, [deleted('k0', 1_793_500_000_000_000)], 0);
    const summary = `AWSDynamoDB/0${TIME + 24 * HOUR_MS}-c488b4e2/manifest-summary.json`;
    world.s3.objects.delete(findKey(world, summary));
    const { rows, error } = await readAll(world);
    expect([rows.length, error]).to.deep.equal([9, undefined]);
  });

  it('are shared by slices that name the same one', async () => {
    const files = Array.from({ length: 5 }, (_, index) => ({
      name: `f${index}`,
      lines: fullLines(2, 2 * index),
    }));
    const key = layExport(world, { files });
    const read = async (index: number) => {
      const config: JsonObject = {
        ...EXISTING,
        scan: { slice: { index, count: 2 } },
        table_options: [{ table: 'orders', export_manifest: key }],
      };
      const { rows, states, error } = await readAll(world, { config, syncMode: 'full_refresh' });
      expect(error).to.equal(undefined);
      expect(states.at(-1)).to.deep.include({ complete: true, slice: { index, count: 2 } });
      return rows.map(({ v }) => v);
    };
    expect(await read(0)).to.have.members([0, 1, 4, 5, 8, 9]);
    expect(await read(1)).to.have.members([2, 3, 6, 7]);
  });

  it('are asked for where the bucket really is', async () => {
    layExport(world);
    world.s3.refuse = (_, { headers }) =>
      headers.authorization?.includes('/eu-west-3/') === true
        ? undefined
        : {
            ...{ status: 301, code: 'PermanentRedirect', message: 'Use another endpoint.' },
            region: 'eu-west-3',
          };
    expect((await readAll(world)).rows).to.have.length(9);
  });

  it('are read of the account that must own the bucket', async () => {
    layExport(world);
    const owners = new Set<unknown>();
    world.s3.refuse = (_, { headers }) => {
      owners.add(headers['x-amz-expected-bucket-owner']);
      return undefined;
    };
    const place = { s3_bucket: world.s3.bucket, s3_prefix: 'airbyte/orders' };
    const config = { ...EXISTING, export: { ...place, s3_bucket_owner: '210987654321' } };
    await readAll(world, { config });
    expect([...owners]).to.deep.equal(['210987654321']);
  });

  it('fail with what S3 says', async () => {
    layExport(world);
    const said = [
      [
        403,
        'AccessDenied',
        'no identity-based policy allows s3:ListBucket',
        'not allowed to call s3:ListBucket',
      ],
      [400, 'KMS.DisabledException', 'key is disabled', 'cannot decrypt s3://my-exports/'],
      [
        404,
        'NoSuchBucket',
        'The specified bucket does not exist',
        'There is no bucket for s3://my-exports/',
      ],
      [403, 'InvalidObjectState', 'The operation is not valid', 'is archived'],
      [301, 'PermanentRedirect', 'Use another', 'Set "s3_region" in "export"'],
      [400, 'InvalidBucketName', 'not valid', 'Check "s3_bucket"'],
    ] as const;
    for (const [status, code, message, expected] of said) {
      world.s3.refuse = () => ({ status, code, message });
      const { error, rows } = await readAll(world);
      expect(error?.message).to.include(expected);
      expect(error?.message).to.include(
        code === 'NoSuchBucket' || code === 'InvalidBucketName' ? 's3' : message,
      );
      expect(rows).to.have.length(0);
    }
  });

  it('are read in spite of faults that pass', async () => {
    layExport(world);
    let requests = 0;
    world.s3.refuse = () =>
      requests++ % 2 === 0
        ? { status: 503, code: 'SlowDown', message: 'Please reduce your request rate.' }
        : undefined;
    expect((await readAll(world)).rows).to.have.length(9);
  });
});
