import type { Table } from '../aws/dynamodb/tables.ts';
import { formatMegabytes, formatNumberOf } from '../text/figures.ts';
import { describeRead } from '../monitoring/progress-line.ts';
import type { StreamProgress } from '../monitoring/stream-progress.ts';
import type { Logger } from '../protocol/logger.ts';
import type { MessageWriter } from '../protocol/message-writer.ts';
import type { Batch, ReadStrategy } from '../strategies/read-strategy.ts';
import { Checkpoints } from './checkpoints.ts';
import type { Plan } from './plan.ts';
import type { StreamMessages } from './stream-messages.ts';
import { reportUnlisted } from './unlisted-report.ts';

/** What reading one stream needs. */
export interface StreamReadInput {
  readonly name: string;
  readonly table: Table;
  readonly plan: Plan;
  readonly writer: MessageWriter;
  readonly messages: StreamMessages;
  readonly progress: StreamProgress;
  readonly logger: Logger;
  readonly checkpointIntervalMs: number;
  /** Whether attributes that the catalog does not list are emitted. */
  readonly emitsUnlisted: boolean;
  readonly signal: AbortSignal;
}

/**
 * Writes the records and states of one stream, and whether it is complete; it is not when the signal was aborted.
 *
 * However it ends, the last state covers every record that was written.
 *
 * @throws ConnectorError of the strategy, OutputError of the writer.
 */
export async function readStream(input: StreamReadInput): Promise<boolean> {
  const { plan, messages, table } = input;
  await messages.writeEstimate(table);
  await messages.writeStatus('RUNNING');
  if (plan.kind === 'finished') {
    await messages.writeState(plan.state, 0);
    return true;
  }
  return readByStrategy(input, plan.strategy);
}

async function readByStrategy(input: StreamReadInput, strategy: ReadStrategy): Promise<boolean> {
  const { name, logger, messages, progress, signal } = input;
  logger.info(`${name}: reading ${strategy.describe()}${describeSize(input.table)}.`);
  const output = new BatchOutput(input);
  try {
    progress.begin();
    for await (const batch of strategy.read(signal)) {
      progress.addArrival(batch);
      await output.write(batch);
      progress.noteWritten();
    }
    await output.finish();
    progress.noteWritten();
  } catch (error) {
    await output.writeLastState();
    throw error;
  } finally {
    reportUnlisted(name, strategy.listUnlisted(), input.emitsUnlisted, logger);
  }
  if (signal.aborted) {
    await output.writeLastState();
    return false;
  }
  await messages.writeState(strategy.finalState(), output.takeUncovered());
  logger.info(describeRead(progress));
  return true;
}

/** Writes batches and, when they are due, the states behind them. */
class BatchOutput {
  readonly #writer: MessageWriter;
  readonly #messages: StreamMessages;
  readonly #checkpoints: Checkpoints;
  #lastWrite = Promise.resolve();
  #uncovered: Batch['state'] | undefined;

  constructor({ writer, messages, checkpointIntervalMs }: StreamReadInput) {
    this.#writer = writer;
    this.#messages = messages;
    this.#checkpoints = new Checkpoints(checkpointIntervalMs);
  }

  /**
   * Begins to write a batch, once the one before it is written: so one batch is written out while the next is made,
   * and a slow reader of the output holds everything up.
   */
  async write(batch: Batch): Promise<void> {
    await this.#lastWrite;
    this.#lastWrite = this.#writer.writeLines(batch.lines);
    // A failure is seen by the next call, which awaits it.
    this.#lastWrite.catch(() => undefined);
    this.#uncovered = batch.state;
    if (this.#checkpoints.add(batch.recordCount)) await this.writeLastState();
  }

  async finish(): Promise<void> {
    await this.#lastWrite;
  }

  /** Writes the state behind the last batch, unless one has been written already. */
  async writeLastState(): Promise<void> {
    const state = this.#uncovered?.();
    this.#uncovered = undefined;
    if (state !== undefined) await this.#messages.writeState(state, this.#checkpoints.take());
  }

  /** The number of records that no state covers yet; the caller writes one that does. */
  takeUncovered(): number {
    this.#uncovered = undefined;
    return this.#checkpoints.take();
  }
}

function describeSize({ itemCount, sizeBytes }: Table): string {
  if (itemCount === 0) return '';
  return `, about ${formatNumberOf(itemCount, 'item')} and ${formatMegabytes(sizeBytes)} MB`;
}
