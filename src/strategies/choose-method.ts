import type { Config } from '../config/config.ts';
import type { ReplicationMethod } from './replication-method.ts';
import { createScanMethod } from './scan/scan-method.ts';

/** The replication method of a config. */
export function chooseMethod(config: Config): ReplicationMethod {
  return createScanMethod(config);
}
