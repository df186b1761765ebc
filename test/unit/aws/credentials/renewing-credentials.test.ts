import { expect } from 'chai';
import type { AwsCredentialIdentity } from '@smithy/types';
import { RenewingCredentials } from '../../../../src/aws/credentials/renewing-credentials.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

/** Sessions that a fake STS hands out, and a clock that stands still until it is moved. */
class FakeSts {
  now = 1_000_000;
  /** That AWS's clock is ahead, and whether it is known already. */
  offsetMs = 0;
  isOffsetKnown = true;
  calls = 0;
  failure: Error | undefined;
  /** Undefined: the credentials never expire. */
  lifetimeMs: number | undefined;
  readonly credentials: RenewingCredentials;

  constructor(lifetimeMs?: number) {
    this.lifetimeMs = lifetimeMs;
    this.credentials = new RenewingCredentials(
      () => this.#issue(),
      () => this.now,
      () => (this.isOffsetKnown ? this.offsetMs : 0),
    );
  }

  async provideKey(): Promise<string> {
    return (await this.credentials.provide()).accessKeyId;
  }

  async #issue(): Promise<AwsCredentialIdentity> {
    this.calls++;
    await Promise.resolve();
    if (this.failure !== undefined) throw this.failure;
    return {
      accessKeyId: `key-${this.calls}`,
      secretAccessKey: 'secret',
      ...(this.lifetimeMs !== undefined && {
        expiration: new Date(this.now + this.offsetMs + this.lifetimeMs),
      }),
    };
  }
}

async function failureOf(promise: Promise<unknown>): Promise<unknown> {
  return promise.then(
    () => 'no failure',
    (error: unknown) => error,
  );
}

describe('renewing credentials', () => {
  it('fetches nothing before it is asked', () => {
    const sts = new FakeSts(HOUR_MS);
    expect(sts.calls).to.equal(0);
    expect(sts.credentials.areTemporary).to.equal(false);
    expect(sts.credentials.areJustIssued).to.equal(false);
  });

  it('keeps credentials without an end for good', async () => {
    const sts = new FakeSts();
    await sts.provideKey();
    sts.now += 1000 * HOUR_MS;
    expect(await sts.provideKey()).to.equal('key-1');
    expect(sts.credentials.areTemporary).to.equal(false);
  });

  it('renews five minutes before the end, and not earlier', async () => {
    const sts = new FakeSts(HOUR_MS);
    await sts.provideKey();
    sts.now += 55 * MINUTE_MS - 1;
    expect(await sts.provideKey()).to.equal('key-1');
    sts.now += 1;
    expect(await sts.provideKey()).to.equal('key-2');
  });

  it('renews short sessions at half their life', async () => {
    const sts = new FakeSts(4 * MINUTE_MS);
    await sts.provideKey();
    sts.now += 2 * MINUTE_MS - 1;
    expect(await sts.provideKey()).to.equal('key-1');
    sts.now += 1;
    expect(await sts.provideKey()).to.equal('key-2');
  });

  it('fetches again what has already expired', async () => {
    const sts = new FakeSts(-MINUTE_MS);
    await sts.provideKey();
    expect(await sts.provideKey()).to.equal('key-2');
  });

  it('fetches once for all who ask at the same time', async () => {
    const sts = new FakeSts(HOUR_MS);
    const first = await Promise.all(Array.from({ length: 20 }, () => sts.provideKey()));
    sts.now += 56 * MINUTE_MS;
    const second = await Promise.all(Array.from({ length: 20 }, () => sts.provideKey()));
    expect(new Set(first)).to.deep.equal(new Set(['key-1']));
    expect(new Set(second)).to.deep.equal(new Set(['key-2']));
    expect(sts.calls).to.equal(2);
  });

  it('goes on with the old credentials while they hold, when a renewal fails', async () => {
    const sts = new FakeSts(HOUR_MS);
    await sts.provideKey();
    sts.failure = new Error('STS is down');
    sts.now += 59 * MINUTE_MS;
    expect(await sts.provideKey()).to.equal('key-1');
    sts.now += MINUTE_MS;
    expect(await failureOf(sts.provideKey())).to.equal(sts.failure);
    sts.failure = undefined;
    expect(await sts.provideKey()).to.equal(`key-${sts.calls}`);
  });

  it('leaves half a minute between renewals that fail, and less when little is left', async () => {
    const sts = new FakeSts(HOUR_MS);
    await sts.provideKey();
    sts.failure = new Error('STS is down');
    sts.now += 56 * MINUTE_MS;
    const asked: number[] = [];
    for (; sts.now < 1_000_000 + HOUR_MS; sts.now += 1000) {
      const before = sts.calls;
      expect(await sts.provideKey()).to.equal('key-1');
      if (sts.calls > before) asked.push((1_000_000 + HOUR_MS - sts.now) / 1000);
    }
    expect(asked.slice(0, 6)).to.deep.equal([240, 210, 180, 150, 120, 90]);
    expect(asked.length).to.be.within(10, 20);
  });

  it('fails as the first fetch fails, and tries again when it is asked again', async () => {
    const sts = new FakeSts(HOUR_MS);
    sts.failure = new Error('denied');
    expect(await failureOf(sts.provideKey())).to.equal(sts.failure);
    sts.failure = undefined;
    expect(await sts.provideKey()).to.equal('key-2');
  });

  it('drops credentials that were called expired, but not those that came after', async () => {
    const sts = new FakeSts(HOUR_MS);
    await sts.provideKey();
    sts.credentials.invalidate('key-1');
    expect(await sts.provideKey()).to.equal('key-2');
    sts.credentials.invalidate('key-1');
    expect(await sts.provideKey()).to.equal('key-2');
    expect(sts.calls).to.equal(2);
  });

  it('knows for half a minute that AWS may not know the credentials yet', async () => {
    const sts = new FakeSts(HOUR_MS);
    await sts.provideKey();
    expect(sts.credentials.areTemporary).to.equal(true);
    sts.now += 29_999;
    expect(sts.credentials.areJustIssued).to.equal(true);
    sts.now += 1;
    expect(sts.credentials.areJustIssued).to.equal(false);
  });

  for (const offsetMs of [3 * HOUR_MS, -3 * HOUR_MS]) {
    it(`keeps a session for its hour when the clock is ${offsetMs / HOUR_MS} hours off`, async () => {
      const sts = new FakeSts(HOUR_MS);
      sts.offsetMs = offsetMs;
      sts.isOffsetKnown = false;
      await sts.provideKey();
      // As the first answer with these credentials tells.
      sts.isOffsetKnown = true;
      sts.now += HOUR_MS - 5 * 60_000 - 1;
      expect(await sts.provideKey()).to.equal('key-1');
      sts.now += 1;
      expect(await sts.provideKey()).to.equal('key-2');
    });
  }
});
