import { createHash, createHmac, createSecretKey, type KeyObject } from 'node:crypto';
import type { Checksum, SourceData } from '@smithy/types';

/**
 * SHA-256, or HMAC with a secret, for the SDK's signer.
 *
 * The SDK's own does the same, but has Node make a key of the secret's bytes for each signature, which takes five times
 * as long as the signature itself. The signer keeps the bytes of a day's key and makes an object of
 * this class for each signature, so the keys are kept for all of them, as long as their bytes are.
 */
export class Sha256 implements Checksum {
  static readonly #keys = new WeakMap<object, KeyObject>();
  readonly #secret: string | KeyObject | undefined;
  #hash!: { update(data: Uint8Array): unknown; digest(): Buffer };

  constructor(secret?: SourceData) {
    this.#secret = typeof secret === 'object' ? Sha256.#toKey(secret) : secret;
    this.reset();
  }

  update(data: Uint8Array): void {
    this.#hash.update(data);
  }

  digest(): Promise<Uint8Array> {
    return Promise.resolve(this.#hash.digest());
  }

  reset(): void {
    this.#hash =
      this.#secret === undefined ? createHash('sha256') : createHmac('sha256', this.#secret);
  }

  static #toKey(secret: ArrayBuffer | ArrayBufferView): KeyObject {
    const known = Sha256.#keys.get(secret);
    if (known !== undefined) return known;
    const bytes = ArrayBuffer.isView(secret)
      ? Buffer.from(secret.buffer, secret.byteOffset, secret.byteLength)
      : Buffer.from(secret);
    const key = createSecretKey(bytes);
    Sha256.#keys.set(secret, key);
    return key;
  }
}
