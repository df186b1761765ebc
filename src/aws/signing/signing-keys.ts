import { createHmac, createSecretKey, type KeyObject } from 'node:crypto';

/** A key, and the scope in which its signatures are valid. */
export interface ScopedKey {
  /** 20240131/us-east-1/dynamodb/aws4_request */
  readonly scope: string;
  readonly key: KeyObject;
}

/** The keys of Signature Version 4 for one service in one region; each is valid for a day. */
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
      const bytes = scope.split('/').reduce(sign, Buffer.from(`AWS4${secret}`));
      // Node 24 takes six times as long to sign with the bytes themselves.
      this.#last = { secret, scope, key: createSecretKey(bytes) };
    }
    return this.#last;
  }
}

/** The HMAC-SHA256 of a text. */
export function sign(key: Uint8Array | KeyObject, text: string): Buffer {
  return createHmac('sha256', key).update(text).digest();
}
