import type { ReadResources } from '../read-resources.ts';
import type { ReadStrategy } from '../read-strategy.ts';
import { ScanStrategy } from '../scan/scan-strategy.ts';
import { AwsChangeSource } from './aws-change-source.ts';
import type { StreamPlan } from './stream-plan.ts';
import { StreamStrategy } from './stream-strategy.ts';

/** The strategy that reads a table and its changes from DynamoDB. */
export function openStreamRead(plan: StreamPlan, resources: ReadResources): ReadStrategy {
  const { settings } = plan;
  const source = new AwsChangeSource(resources);
  const strategy = new StreamStrategy(plan, {
    source,
    openSnapshot: (start) => new ScanStrategy({ settings, start }, resources),
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
  };
}
