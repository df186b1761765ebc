import type { Config } from '../config/config.ts';
import { ConfigError } from '../errors.ts';
import type { Logger } from '../protocol/logger.ts';

/** Tables that may not be read: left out with a warning, or gathered into one error, as configured. */
export class PermissionFailures {
  readonly #isIgnoring: boolean;
  readonly #logger: Logger;
  readonly #denied = new Map<string, ConfigError>();

  constructor(config: Config, logger: Logger) {
    this.#isIgnoring = config.ignoreMissingReadPermissions;
    this.#logger = logger;
  }

  /** What the call gives; undefined when it is denied. */
  async collect<Result>(table: string, call: () => Promise<Result>): Promise<Result | undefined> {
    try {
      return await call();
    } catch (error) {
      if (!(error instanceof ConfigError) || error.reason !== 'denied') throw error;
      // A table that was given by its ARN may be listed too, and is denied twice then.
      const isTold = this.#denied.has(table);
      this.#denied.set(table, error);
      if (this.#isIgnoring && !isTold) {
        this.#logger.warn(`${table} is left out. ${error.message}`);
      }
      return undefined;
    }
  }

  /** @throws ConfigError that names every denied table and the missing action. */
  throwIfAny(): void {
    const [first, ...others] = [...this.#denied.values()];
    if (this.#isIgnoring || first === undefined) return;
    if (others.length === 0) throw first;
    const sentences = [first, ...others].map((error) => `- ${error.message}`);
    throw new ConfigError(
      `${sentences.length} tables cannot be read for lack of permission. Grant it, leave them out with "exclude_tables", or turn on "ignore_missing_read_permissions_tables":\n${sentences.join('\n')}`,
      { cause: first.cause, reason: first.reason },
    );
  }
}
