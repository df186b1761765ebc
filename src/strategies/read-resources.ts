import type { PageBufferPool } from '../aws/calls/page-buffer-pool.ts';
import type { DynamoDbConnection } from '../aws/connection.ts';
import type { Places } from '../places.ts';
import type { Config } from '../config/config.ts';
import type { StreamEvents } from './read-strategy.ts';

/** What a strategy needs to read. */
export interface ReadResources {
  readonly config: Config;
  readonly connection: DynamoDbConnection;
  /** Shared by all tables that are read side by side. */
  readonly pages: PageBufferPool;
  /** For open objects of S3, in all of them. */
  readonly objects: Places;
  readonly events: StreamEvents;
}
