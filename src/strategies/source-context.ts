import type { Patience } from '../aws/calls/patient-call.ts';
import type { DynamoDbConnection } from '../aws/connection.ts';
import type { Config } from '../config/config.ts';
import type { Logger } from '../protocol/logger.ts';

/** What everything that works with tables needs. */
export interface SourceContext {
  readonly config: Config;
  readonly connection: DynamoDbConnection;
  readonly logger: Logger;
  readonly patience: Patience;
}
