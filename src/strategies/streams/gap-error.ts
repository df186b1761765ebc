import { ConfigError } from '../../errors.ts';

/** Changes may be lost that were not read. */
export class GapError extends ConfigError {
  /** @param message a sentence on what has happened, for the user. */
  constructor(message: string) {
    super(message, { reason: 'position lost' });
  }
}
