import type { AwsCredentialIdentity } from '@smithy/types';

// A session is renewed when this much of it is left, or half of it where the session is shorter than twice that.
const RENEWAL_MARGIN_MS = 5 * 60_000;
// After a renewal that failed, or a quarter of what is left where that is less: else every request would wait for one.
const RENEWAL_PAUSE_MS = 30_000;
// IAM is eventually consistent: credentials may be unknown to DynamoDB for a moment after STS made them.
const JUST_ISSUED_MS = 30_000;

interface Issued {
  readonly identity: AwsCredentialIdentity;
  readonly issuedAt: number;
  readonly renewAt: number;
}

/**
 * Credentials that are renewed before they expire.
 *
 * The SDK asks a provider several times a request in the last minutes of a session; this keeps what it was given, and
 * renews once however many ask at the same time. While the old credentials still hold, a failed renewal is not yet a
 * failure.
 */
export class RenewingCredentials {
  readonly #fetch: () => Promise<AwsCredentialIdentity>;
  readonly #now: () => number;
  #issued: Issued | undefined;
  #renewal: Promise<Issued> | undefined;

  /** @param now milliseconds since 1970. */
  constructor(fetch: () => Promise<AwsCredentialIdentity>, now: () => number = Date.now) {
    this.#fetch = fetch;
    this.#now = now;
  }

  /** Credentials that hold now. Rejects with what the fetch rejected with when there are none. */
  async provide(): Promise<AwsCredentialIdentity> {
    const issued = this.#issued;
    if (issued !== undefined && this.#now() < issued.renewAt) return issued.identity;
    try {
      return (await this.#renew()).identity;
    } catch (error) {
      const expiration = issued?.identity.expiration?.getTime() ?? 0;
      const leftMs = expiration - this.#now();
      if (issued === undefined || leftMs <= 0) throw error;
      const renewAt = this.#now() + Math.min(RENEWAL_PAUSE_MS, leftMs / 4);
      // Unless AWS has called them expired meanwhile.
      if (this.#issued === issued) this.#issued = { ...issued, renewAt };
      return issued.identity;
    }
  }

  /** Whether the credentials end by themselves, so that new ones can be had. */
  get areTemporary(): boolean {
    return this.#issued?.identity.expiration !== undefined;
  }

  /** Whether AWS may not know the credentials yet. */
  get areJustIssued(): boolean {
    return this.areTemporary && this.#now() - (this.#issued?.issuedAt ?? 0) < JUST_ISSUED_MS;
  }

  /** Drops the credentials that AWS called expired, unless they have been renewed since. */
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
    const issuedAt = this.#now();
    const expiration = identity.expiration?.getTime() ?? Infinity;
    const margin = Math.min(RENEWAL_MARGIN_MS, (expiration - issuedAt) / 2);
    this.#issued = { identity, issuedAt, renewAt: expiration - margin };
    return this.#issued;
  }
}
