import { CursorStrategy } from './cursor/cursor-strategy.ts';
import { ExportStrategy } from './export/export-strategy.ts';
import type { FinishedPlan } from './read-plan.ts';
import type { ReadResources } from './read-resources.ts';
import type { ReadStrategy } from './read-strategy.ts';
import type { ReadPlan } from './replication-method.ts';
import { FullRefreshStrategy } from './streams/full-refresh.ts';
import { openStreamRead } from './streams/open-stream-read.ts';
import { ScanStrategy } from './scan/scan-strategy.ts';

/** Creates the strategy that carries out a plan. Nothing is sent until it is read. */
export function openRead(
  plan: Exclude<ReadPlan, FinishedPlan>,
  resources: ReadResources,
): ReadStrategy {
  switch (plan.kind) {
    case 'scan':
      return new ScanStrategy(plan, resources);
    case 'cursor':
      return new CursorStrategy(plan, resources);
    case 'full refresh':
      return new FullRefreshStrategy(plan, resources);
    case 'stream':
      return openStreamRead(plan, resources);
    case 'export':
      return new ExportStrategy(plan, resources);
  }
}
