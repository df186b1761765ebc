import type { Config } from '../config/config.ts';
import { createExportMethod } from './export/export-method.ts';
import type { ReplicationMethod } from './replication-method.ts';
import { createScanMethod } from './scan/scan-method.ts';
import { createStreamMethod } from './streams/stream-method.ts';

/** The replication method of a config. */
export function chooseMethod(config: Config): ReplicationMethod {
  const { replication } = config;
  switch (replication.method) {
    case 'scan':
      return createScanMethod(config, replication);
    case 'streams':
      return createStreamMethod(config, replication);
    case 'export':
      return createExportMethod(config, replication);
  }
}
