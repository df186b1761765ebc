import type { PageBufferPool } from '../aws/calls/page-buffer-pool.ts';
import type { DynamoDbConnection } from '../aws/connection.ts';
import type { OpenObjects } from '../aws/s3/open-objects.ts';
import type { Config } from '../config/config.ts';
import type { Inflater } from './export/inflate/inflater.ts';
import type { StreamEvents } from './read-strategy.ts';

/** What a strategy needs to read. */
export interface ReadResources {
  readonly config: Config;
  readonly connection: DynamoDbConnection;
  /** Shared by all tables that are read side by side. */
  readonly pages: PageBufferPool;
  /** Shared likewise, by all that read from S3. */
  readonly objects: OpenObjects;
  /** Shared likewise: what was open in S3 is inflated there. */
  readonly inflater: Inflater;
  readonly events: StreamEvents;
}
