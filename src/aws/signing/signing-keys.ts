import { HmacSha256 } from './hmac-sha256.ts';

/** A key, and the scope in which its signatures hold, as they name it. */
export interface ScopedKey {
  /** 20240131/us-east-1/dynamodb/aws4_request */
  readonly scope: string;
  readonly key: HmacSha256;
}

/** The keys of Signature Version 4 for one service of one region, of which each holds for a day. */
export class SigningKeys {
  readonly #scope: string;
  #last: (ScopedKey & { readonly secret: string }) | undefined;

  /** @param scope as in us-east-1/dynamodb/aws4_request. */
  constructor(scope: string) {
    this.#scope = scope;
  }

  /**
   * Derives a day's key from a secret access key. The last one is kept.
   *
   * @param day as in 20240131.
   */
  derive(secret: string, day: string): ScopedKey {
    const scope = `${day}/${this.#scope}`;
    if (this.#last?.secret !== secret || this.#last.scope !== scope) {
      const first = new HmacSha256(Buffer.from(`AWS4${secret}`));
      this.#last = { secret, scope, key: scope.split('/').reduce(deriveKey, first) };
    }
    return this.#last;
  }
}

function deriveKey(key: HmacSha256, part: string): HmacSha256 {
  return new HmacSha256(key.sign(part));
}
