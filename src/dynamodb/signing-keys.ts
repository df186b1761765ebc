import { createHmac, createSecretKey, type KeyObject } from 'node:crypto';

/** A key, and the scope in which its signatures hold, as they name it. */
export interface ScopedKey {
  /** 20240131/us-east-1/dynamodb/aws4_request */
  readonly scope: string;
  readonly key: KeyObject;
}

/**
 * The keys of Signature Version 4 for one service of one region, of which each holds for a day.
 *
 * A key is kept as Node's key object: to make one of bytes takes five times as long as to sign with it.
 */
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
      const first = createSecretKey(`AWS4${secret}`, 'utf8');
      this.#last = { secret, scope, key: scope.split('/').reduce(deriveKey, first) };
    }
    return this.#last;
  }
}

function deriveKey(key: KeyObject, part: string): KeyObject {
  return createSecretKey(createHmac('sha256', key).update(part).digest());
}
