import type { ItemPage } from '../../item-page.ts';
import { CdcColumns } from '../cdc-columns.ts';
import type { ReadResources } from '../read-resources.ts';
import type { ReadStrategy, StreamState } from '../read-strategy.ts';
import type { ScanPlan } from '../scan/scan-plan.ts';
import { ScanStrategy } from '../scan/scan-strategy.ts';
import { writeRowColumns } from './changes/change-columns.ts';
import { chooseBase } from './changes/change-number.ts';

/** A scan whose records carry the columns of change capture. */
export interface FullRefreshPlan extends Omit<ScanPlan, 'kind'> {
  readonly kind: 'full refresh';
  /** Which of the columns of change capture the catalog lists. */
  readonly isListed: (column: string) => boolean;
}

/**
 * Reads a table as a whole, with the number of a snapshot that begins now in each row.
 *
 * A scan that is resumed has a later number: what it reads is newer.
 */
export class FullRefreshStrategy implements ReadStrategy {
  readonly #scan: ScanStrategy;
  readonly #columns: CdcColumns;
  readonly #resources: ReadResources;

  constructor(plan: FullRefreshPlan, resources: ReadResources) {
    this.#scan = new ScanStrategy(plan, resources);
    this.#columns = new CdcColumns(plan.isListed);
    this.#resources = resources;
  }

  async *read(signal: AbortSignal): AsyncGenerator<ItemPage> {
    const { clock } = this.#resources.connection;
    const base = chooseBase(clock.awsNow() ?? clock.now());
    const columns = writeRowColumns(this.#columns, base);
    for await (const page of this.#scan.read(signal)) {
      yield { ...page, runs: page.runs.map((run) => ({ ...run, columns })) };
    }
  }

  state(): StreamState {
    return this.#scan.state();
  }
}
