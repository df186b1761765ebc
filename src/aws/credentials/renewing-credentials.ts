import type { AwsCredentialIdentity } from '@smithy/types';

// A session is renewed when this much of it is left, or half of it if the session is shorter than twice this.
const RENEWAL_MARGIN_MS = 5 * 60_000;
// The pause after a failed renewal, or a quarter of what is left if that is less; else every request would try again.
const RENEWAL_PAUSE_MS = 30_000;
// IAM is eventually consistent: credentials may be unknown to DynamoDB for a moment after STS made them.
const JUST_ISSUED_MS = 30_000;

interface Issued {
  readonly identity: AwsCredentialIdentity;
  /** By the machine's clock, like all times here except the end of a session, which is by AWS's clock. */
  readonly issuedAt: number;
  /** A failed renewal is not retried before this time. */
  readonly heldUntil: number;
}

/**
 * Credentials that are renewed before they expire.
 *
 * In the last minutes of a session the SDK asks a provider several times per request; this class keeps the credentials,
 * and renews them once however many callers ask at the same time. While the old credentials are still valid, a failed
 * renewal is not yet a failure.
 */
export class RenewingCredentials {
  readonly #fetch: () => Promise<AwsCredentialIdentity>;
  readonly #now: () => number;
  readonly #offsetMs: () => number;
  #issued: Issued | undefined;
  #renewal: Promise<Issued> | undefined;

  /**
   * @param now milliseconds since 1970 by the machine's clock.
   * @param offsetMs milliseconds by which AWS's clock is ahead of it, as far as is known.
   */
  constructor(
    fetch: () => Promise<AwsCredentialIdentity>,
    now: () => number = Date.now,
    offsetMs: () => number = () => 0,
  ) {
    this.#fetch = fetch;
    this.#now = now;
    this.#offsetMs = offsetMs;
  }

  /** Returns credentials that are valid now. Rejects with the error of the fetch when there are none. */
  async provide(): Promise<AwsCredentialIdentity> {
    const issued = this.#issued;
    if (issued !== undefined && this.#now() < this.#renewalTime(issued)) return issued.identity;
    try {
      return (await this.#renew()).identity;
    } catch (error) {
      const leftMs = issued === undefined ? 0 : this.#endOf(issued) - this.#now();
      if (issued === undefined || leftMs <= 0) throw error;
      const heldUntil = this.#now() + Math.min(RENEWAL_PAUSE_MS, leftMs / 4);
      // Unless AWS has reported them as expired meanwhile.
      if (this.#issued === issued) this.#issued = { ...issued, heldUntil };
      return issued.identity;
    }
  }

  /**
   * The same for an SDK client, which must not keep them: judging by the machine's clock, it would keep them too long.
   */
  async provideOnce(): Promise<AwsCredentialIdentity> {
    return { ...(await this.provide()), expiration: new Date(0) };
  }

  /** Whether the credentials expire, so that new ones can be fetched. */
  get areTemporary(): boolean {
    return this.#issued?.identity.expiration !== undefined;
  }

  /** Whether AWS may not know the credentials yet. */
  get areJustIssued(): boolean {
    return this.areTemporary && this.#now() - (this.#issued?.issuedAt ?? 0) < JUST_ISSUED_MS;
  }

  /** Drops credentials that AWS reported as expired, unless they have been renewed since. */
  invalidate(accessKeyId: string): void {
    if (this.#issued?.identity.accessKeyId === accessKeyId) this.#issued = undefined;
  }

  #renew(): Promise<Issued> {
    this.#renewal ??= this.#issue().finally(() => {
      this.#renewal = undefined;
    });
    return this.#renewal;
  }

  async #issue(): Promise<Issued> {
    const identity = await this.#fetch();
    this.#issued = { identity, issuedAt: this.#now(), heldUntil: 0 };
    return this.#issued;
  }

  #endOf({ identity }: Issued): number {
    return (identity.expiration?.getTime() ?? Infinity) - this.#offsetMs();
  }

  /** Computed each time, since the clock may turn out to be off after a session was issued. */
  #renewalTime(issued: Issued): number {
    const { issuedAt, heldUntil } = issued;
    const end = this.#endOf(issued);
    return Math.max(heldUntil, end - Math.min(RENEWAL_MARGIN_MS, (end - issuedAt) / 2));
  }
}
