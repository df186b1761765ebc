import { ConfigError } from '../../../errors.ts';

/** Changes may be lost that were not read. Its message is a sentence on what has happened, for the user. */
export class GapError extends ConfigError {}
