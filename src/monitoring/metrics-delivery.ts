import type { Logger } from '../protocol/logger.ts';
import type { CreateAgent } from './metrics-agent.ts';
import type { Metrics } from './metrics.ts';
import { type MetricsOptions, readMetricsOptions } from './metrics-options.ts';
import type { StreamProgress } from './stream-progress.ts';
import type { Environment } from './terminal.ts';

// After a signal the whole process has 4.5 s to end, and its states are more important.
const LONGEST_STOP_MS = 2000;

/** What sending metrics needs. */
export interface DeliveryInput {
  readonly env: Environment;
  readonly logger: Logger;
  /** Creates the agent for a collector that is reached by HTTPS. */
  readonly createAgent: CreateAgent;
  readonly streams: () => Iterable<StreamProgress>;
}

/**
 * Sends metrics if the environment names a collector; otherwise it loads nothing of OpenTelemetry.
 *
 * Whatever goes wrong, there is one warning in the log.
 */
export class MetricsDelivery {
  readonly #input: DeliveryInput;
  readonly #metrics: Promise<Metrics | undefined>;
  #hasWarned = false;

  constructor(input: DeliveryInput) {
    this.#input = input;
    this.#metrics = this.#start();
  }

  /** Sends the last figures. Never rejects, and takes at most two seconds. */
  async stop(): Promise<void> {
    const stopping = this.#metrics.then((metrics) => metrics?.stop());
    const isStopped = await isSettledWithin(stopping, LONGEST_STOP_MS);
    if (!isStopped) this.#warn('no answer in time');
  }

  async #start(): Promise<Metrics | undefined> {
    const { env, logger } = this.#input;
    try {
      const options = readMetricsOptions(env);
      return options && (await this.#load(options));
    } catch (error) {
      logger.warn(error instanceof Error ? error.message : String(error));
      return undefined;
    }
  }

  async #load(options: MetricsOptions): Promise<Metrics> {
    const { startMetrics } = await import('./metrics.ts');
    return startMetrics({
      ...this.#input,
      options,
      onFailure: (error) => {
        this.#warn(error.message);
      },
    });
  }

  /** Warns once per read: a collector that is down would otherwise fill the log. */
  #warn(reason: string): void {
    if (this.#hasWarned) return;
    this.#hasWarned = true;
    this.#input.logger.warn(
      `Metrics could not be sent (${reason}). Check OTEL_EXPORTER_OTLP_ENDPOINT; the read continues without them.`,
    );
  }
}

/** Whether a promise that never rejects settles in time. */
async function isSettledWithin(promise: Promise<void>, timeoutMs: number): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise<boolean>((resolve) => {
    timer = setTimeout(resolve, timeoutMs, false);
  });
  const isSettled = await Promise.race([promise.then(() => true), timeout]);
  clearTimeout(timer);
  return isSettled;
}
