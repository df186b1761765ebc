import { CdcColumns } from '../cdc-columns.ts';
import { ExportWait } from '../export/export-wait.ts';
import type { ReadResources } from '../read-resources.ts';
import type { ReadStrategy } from '../read-strategy.ts';
import { ScanStrategy } from '../scan/scan-strategy.ts';
import { AwsChangeSource } from './changes/aws-change-source.ts';
import { AwsTableExports } from './gaps/aws-table-exports.ts';
import type { StreamPlan } from './stream-plan.ts';
import { StreamStrategy } from './stream-strategy.ts';

/** The strategy that reads a table and its changes from DynamoDB. */
export function openStreamRead(plan: StreamPlan, resources: ReadResources): ReadStrategy {
  const { settings, exports } = plan;
  const wait = new ExportWait(() => resources.connection.clock.now());
  const source = new AwsChangeSource(resources);
  const strategy = new StreamStrategy(plan, {
    source,
    openSnapshot: (start) => new ScanStrategy({ settings, start }, resources),
    ...(exports !== undefined && {
      exports: new AwsTableExports({
        ...{ settings: exports, resources, wait },
        columns: new CdcColumns(plan.isListed),
      }),
    }),
    notify: (notice) => {
      resources.events.told(notice);
    },
  });
  return {
    read: async function* (signal) {
      try {
        yield* strategy.read(signal);
      } finally {
        source.close();
      }
    },
    state: () => strategy.state(),
    changeFigures: () => strategy.changeFigures(),
    waitFigures: () => wait.figures(),
  };
}
