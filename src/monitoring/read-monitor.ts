import type { Logger } from '../protocol/logger.ts';
import type { Redactor } from '../protocol/redactor.ts';
import { type Clock, systemClock } from './clock.ts';
import { tabulate } from './closing-table.ts';
import type { CreateAgent } from './metrics-agent.ts';
import { MetricsDelivery } from './metrics-delivery.ts';
import { Pace } from './pace.ts';
import { drawProgress } from './progress-bar.ts';
import { describeProgress } from './progress-line.ts';
import { type StreamOutcome, StreamProgress } from './stream-progress.ts';
import { type Environment, isRedrawable, type MaybeTerminal, Terminal } from './terminal.ts';

// Often enough to show that a read is making progress, seldom enough that the log of hours stays readable.
const LOG_INTERVAL_MS = 30_000;
const REDRAW_INTERVAL_MS = 200;
// On a terminal, rates over less than this would flicker.
const DRAWN_WINDOW_MS = 5000;

/** What monitoring a read needs. */
export interface MonitorInput {
  readonly logger: Logger;
  readonly stdout: MaybeTerminal;
  readonly stderr: MaybeTerminal;
  readonly env: Environment;
  /** Creates the agent for a metrics collector that is reached by HTTPS. */
  readonly createAgent: CreateAgent;
  /** Masks secrets in what goes to the terminal. */
  readonly redactor: Redactor;
  readonly clock?: Clock;
}

interface WatchedStream {
  readonly progress: StreamProgress;
  readonly loggedPace: Pace;
  readonly drawnPace: Pace;
}

/**
 * Reports how a read progresses: in the log, on a terminal, and to an OpenTelemetry collector, as the environment asks.
 *
 * It only looks at counters, at intervals, and never slows a read down or makes it fail.
 */
export class ReadMonitor {
  /** Writes to the same log, and also shows warnings on a terminal. */
  readonly logger: Logger;
  readonly #input: MonitorInput;
  readonly #clock: Clock;
  readonly #startedAt: number;
  readonly #streams: WatchedStream[] = [];
  readonly #terminal: Terminal | undefined;
  readonly #metrics: MetricsDelivery;
  readonly #stopTimers: readonly (() => void)[];

  constructor(input: MonitorInput) {
    const { stdout, stderr, env, logger, clock = systemClock } = input;
    this.#input = input;
    this.#clock = clock;
    this.#startedAt = clock.now();
    const terminal = isRedrawable(stderr, stdout, env) ? new Terminal(stderr, env) : undefined;
    this.#terminal = terminal;
    this.logger = { ...logger, warn: (message) => this.#warn(message) };
    this.#metrics = new MetricsDelivery({
      ...input,
      logger: this.logger,
      streams: () => this.#streams.map(({ progress }) => progress),
    });
    this.#stopTimers = [
      clock.every(LOG_INTERVAL_MS, () => this.#logProgress()),
      ...(terminal ? [clock.every(REDRAW_INTERVAL_MS, () => this.#draw(terminal))] : []),
    ];
  }

  /** Starts watching a stream. */
  beginStream(name: string): StreamProgress {
    const progress = new StreamProgress(name, this.#clock);
    const now = this.#clock.now();
    const loggedPace = new Pace(LOG_INTERVAL_MS, now);
    this.#streams.push({ progress, loggedPace, drawnPace: new Pace(DRAWN_WINDOW_MS, now) });
    return progress;
  }

  /** Notes how a stream ended; why it failed is shown on a terminal. */
  endStream(progress: StreamProgress, end: StreamOutcome | Error): void {
    progress.end(end instanceof Error ? 'failed' : end);
    if (end instanceof Error) this.#show(`ERROR ${progress.name}: ${end.message}`);
  }

  /** Reports what the read returned, and stops. Never rejects, and does not wait long for a collector. */
  async close(): Promise<void> {
    for (const stop of this.#stopTimers) stop();
    this.#terminal?.clear();
    const streams = this.#streams.map(({ progress }) => progress);
    for (const line of tabulate(streams, this.#clock.now() - this.#startedAt)) {
      this.#input.logger.info(line);
      this.#show(line);
    }
    await this.#metrics.stop();
  }

  #warn(message: string): void {
    this.#input.logger.warn(message);
    this.#show(`WARN ${message}`);
  }

  #show(line: string): void {
    this.#terminal?.print(this.#input.redactor.redact(line));
  }

  #logProgress(): void {
    const now = this.#clock.now();
    for (const { progress, loggedPace } of this.#running()) {
      const rates = loggedPace.measure(progress, now);
      this.#input.logger.info(describeProgress(progress, rates));
    }
  }

  #draw(terminal: Terminal): void {
    const now = this.#clock.now();
    const lines = this.#running().map(({ progress, drawnPace }) =>
      drawProgress(progress, drawnPace.measure(progress, now), terminal),
    );
    terminal.draw(lines);
  }

  #running(): readonly WatchedStream[] {
    return this.#streams.filter(({ progress }) => progress.outcome === undefined);
  }
}
