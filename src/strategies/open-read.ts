import { CursorStrategy } from './cursor/cursor-strategy.ts';
import type { FinishedPlan } from './read-plan.ts';
import type { ReadResources } from './read-resources.ts';
import type { ReadStrategy } from './read-strategy.ts';
import type { ReadPlan } from './replication-method.ts';
import { ScanStrategy } from './scan/scan-strategy.ts';

/** Creates the strategy that carries out a plan. Nothing is sent until it is read. */
export function openRead(
  plan: Exclude<ReadPlan, FinishedPlan>,
  resources: ReadResources,
): ReadStrategy {
  return plan.kind === 'cursor'
    ? new CursorStrategy(plan, resources)
    : new ScanStrategy(plan, resources);
}
