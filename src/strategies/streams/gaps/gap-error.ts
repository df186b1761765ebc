import { ConfigError } from '../../../errors.ts';

/** Changes may be lost that were not read. Its message is a sentence on what has happened, for the user. */
export class GapError extends ConfigError {}

/** Changes are lost that exports have recovered in part, and cannot recover any further. */
export class UnrepairedGapError extends GapError {
  /** Why, as the end of a sentence. */
  readonly obstacle: string;

  constructor(message: string, obstacle: string) {
    super(message);
    this.obstacle = obstacle;
  }
}
