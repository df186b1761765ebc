import { expect } from 'chai';
import { ConfigError } from '../../../../src/errors.ts';
import { awsError } from '../../../support/fake-aws.ts';
import type { JsonObject } from '../../../support/json.ts';
import { type Outcome, readAll } from './existing-exports-world.ts';
import { type AttemptOptions, ExportWorld } from './export-world.ts';

const HOUR_MS = 60 * 60_000;
const MINUTE_MS = 60_000;
// Five minutes before the clock of the world, which stands at midnight.
const LATEST = '2026-10-31T23:55:00Z';

describe('the moment of a full export', () => {
  let world: ExportWorld;

  beforeEach(async () => {
    world = await ExportWorld.open();
    world.history.put(1000 * (world.now - HOUR_MS), 'a', 1);
  });
  afterEach(() => world.close());

  function read(options: AttemptOptions = {}): Promise<Outcome> {
    return readAll(world, { config: {}, ...options });
  }

  function startedTimes(): readonly string[] {
    return world.exports.started.map(({ scope }) =>
      scope.kind === 'full' ? new Date(scope.time).toISOString() : 'a window',
    );
  }

  it('is the first second that recovery reaches back to, once that can be exported', async () => {
    world.exports.earliest = world.now - MINUTE_MS + 250;
    const { rows, error } = await read();
    expect(error).to.equal(undefined);
    expect(rows).to.have.length(1);
    expect(startedTimes()).to.deep.equal(['2026-10-31T23:59:01.000Z']);
    expect(world.waits[0]?.awaited).to.equal(
      'the moment when 2026-10-31T23:59:01Z can be exported',
    );
    expect(world.notices.join('\n')).to.include(
      'recovery reaches back to 2026-10-31T23:59:00.250Z only, so the export is made as of 2026-10-31T23:59:01Z',
    );
  });

  it('is saved before the export is started, and kept by the attempts that follow', async () => {
    world.exports.earliest = world.now - MINUTE_MS;
    let saved: JsonObject | undefined;
    for await (const emission of world.attempt({ writesState: () => false })) {
      if (emission.kind !== 'state') continue;
      saved = emission.state;
      if (JSON.stringify(saved).includes('23:59:00Z')) break;
    }
    expect(saved?.export).to.deep.equal({ time: '2026-10-31T23:59:00Z', files: {} });
    expect(world.exports.started).to.have.length(0);
    world.pass(HOUR_MS);
    expect((await read({ saved })).rows).to.have.length(1);
    expect(startedTimes()).to.deep.equal(['2026-10-31T23:59:00.000Z']);
  });

  it('moves on where recovery was enabled, or enabled again, after it was planned', async () => {
    const saved = { export: { time: LATEST, files: {} } };
    world.pass(HOUR_MS);
    world.exports.earliest = world.now - HOUR_MS / 2;
    const { rows, error } = await read({ saved });
    expect([rows.length, error]).to.deep.equal([1, undefined]);
    expect(startedTimes()).to.deep.equal(['2026-11-01T00:30:00.000Z']);
  });

  it('is another one after DynamoDB has refused it', async () => {
    world.aws.once('ExportTableToPointInTime', () =>
      awsError('InvalidExportTimeException', 'ExportTime is out of range'),
    );
    const { error, states } = await read();
    expect(error).to.be.instanceOf(ConfigError);
    expect(error?.message).to.include('as of the time that was asked for');
    expect(states.at(-1)?.export).to.deep.equal({ time: '2026-10-31T23:55:01Z', files: {} });
    const second = await read({ saved: states.at(-1) });
    expect([second.rows.length, second.error]).to.deep.equal([1, undefined]);
    const asked = world.aws.requestsTo('ExportTableToPointInTime').map(({ input }) => input);
    const [first = 0, last = 0] = asked.map(({ ExportTime: time }) => Number(time));
    expect(last).to.be.above(first);
  });

  it('is waited for no longer than the read lasts', async () => {
    world.exports.earliest = world.now - MINUTE_MS;
    const stop = new AbortController();
    const states: JsonObject[] = [];
    for await (const emission of world.attempt({ signal: stop.signal })) {
      if (emission.kind === 'state') states.push(emission.state);
      if ('polled_at' in (states.at(-1) ?? {})) stop.abort();
    }
    expect(states.at(-1)?.export).to.deep.equal({ time: '2026-10-31T23:59:00Z', files: {} });
    expect(world.exports.started).to.have.length(0);
  });
});
