import type { Config } from '../config/config.ts';
import type { ReplicationMethod } from './replication-method.ts';
import { createScanMethod } from './scan/scan-method.ts';
import { createStreamMethod } from './streams/stream-method.ts';

/** The replication method of a config. */
export function chooseMethod(config: Config): ReplicationMethod {
  const { replication } = config;
  return replication.method === 'streams'
    ? createStreamMethod(config, replication)
    : createScanMethod(config, replication);
}
