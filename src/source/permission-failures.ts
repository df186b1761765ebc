import type { Config } from '../config/config.ts';
import { ConfigError } from '../errors.ts';
import type { Logger } from '../protocol/logger.ts';

/**
 * Collects tables that the credentials may not read: they are left out with a warning, or named in one error, as
 * configured.
 */
export class PermissionFailures {
  readonly #isIgnoring: boolean;
  readonly #logger: Logger;
  readonly #denied = new Map<string, ConfigError>();

  constructor(config: Config, logger: Logger) {
    this.#isIgnoring = config.ignoreMissingReadPermissions;
    this.#logger = logger;
  }

  /** Returns what the call returns; undefined when it is denied. */
  async collect<Result>(table: string, call: () => Promise<Result>): Promise<Result | undefined> {
    try {
      return await call();
    } catch (error) {
      if (!(error instanceof ConfigError) || error.reason !== 'denied') throw error;
      // A table that the config names by its ARN may be listed too, and is then denied twice.
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
