// AWS's secrets have 16 characters and more. Shorter ones belong to local engines ("test", "local"), and hiding those
// would mask parts of ordinary words.
const SHORTEST_SECRET_CHARACTERS = 8;
const MASK = '****';

/** Hides secrets in everything that the connector says: logs, traces, statuses. */
export class Redactor {
  readonly #secrets = new Set<string>();

  /** Hides this text from now on. */
  add(secret: string | undefined): void {
    if (secret !== undefined && secret.length >= SHORTEST_SECRET_CHARACTERS) {
      this.#secrets.add(secret);
    }
  }

  /** The text with every known secret masked. */
  redact(text: string): string {
    let redacted = text;
    // Longest first, so that a secret that contains another is masked completely.
    const secrets = [...this.#secrets].sort((a, b) => b.length - a.length);
    for (const secret of secrets) redacted = redacted.replaceAll(secret, MASK);
    return redacted;
  }
}
