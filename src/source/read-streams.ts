import { setTimeout as sleepFor } from 'node:timers/promises';
import { PAGE_BYTES } from '../aws/calls/page-borrower.ts';
import { PageBufferPool } from '../aws/calls/page-buffer-pool.ts';
import { OpenObjects } from '../aws/s3/open-objects.ts';
import { toConnectorError } from '../errors.ts';
import type { ReadMonitor } from '../monitoring/read-monitor.ts';
import type { StreamProgress } from '../monitoring/stream-progress.ts';
import type { ConfiguredStream } from '../protocol/configured-catalog.ts';
import type { InputState } from '../protocol/input-state.ts';
import { type MessageWriter, OutputError } from '../protocol/message-writer.ts';
import { TranscoderEngine } from '../records/transcoder-engine.ts';
import { chooseMethod } from '../strategies/choose-method.ts';
import { Inflater } from '../strategies/export/inflate/inflater.ts';
import type { StreamEvents } from '../strategies/read-strategy.ts';
import { parseSavedState } from '../strategies/saved-state.ts';
import { createStateError } from '../strategies/scan/scan-plan.ts';
import type { SourceContext } from '../strategies/source-context.ts';
import { rejectKeyCalledData } from './catalog.ts';
import { describeSelected, findSelected } from './find-tables.ts';
import { Outage, type StreamEnd } from './outage.ts';
import { listenTo } from './listen-to.ts';
import { readStream } from './read-stream.ts';
import { StreamMessages } from './stream-messages.ts';
import {
  type PartEnd,
  readScheduled,
  type ScheduledStream,
  type StreamPart,
} from './stream-schedule.ts';

// The number of pages, over all streams, that are in flight or waiting to be transcoded; fewer when they are long. It
// bounds the memory; 64 segments of one table, and a page of read-ahead for some of them, keep two cores busy.
const MOST_PAGES = 80;

// Objects of S3 that are open at a time, in all streams: three megabytes each, and enough to keep two cores busy.
const MOST_OBJECTS = 6;

/** A source context, and what to read. */
export interface ReadInput extends SourceContext {
  readonly writer: MessageWriter;
  readonly streams: readonly ConfiguredStream[];
  readonly state: InputState;
  readonly monitor: ReadMonitor;
}

/** What the streams of a read share. */
interface SharedInput extends ReadInput {
  readonly engine: TranscoderEngine;
  readonly pages: PageBufferPool;
  readonly objects: OpenObjects;
  readonly inflater: Inflater;
  readonly outage: Outage;
  /** Told of each stream that has ended. */
  readonly onEnd: () => void;
}

/**
 * Reads the configured streams, several side by side. Resolves to true when all of them are complete.
 *
 * A stream that fails does not stop the others; an aborted signal does.
 *
 * @throws OutputError.
 */
export async function readStreams(input: ReadInput): Promise<boolean> {
  const { streams, config, patience } = input;
  const concurrency = Math.min(config.concurrentStreams, Math.max(1, streams.length));
  // One more for changes that must not wait for a place among the others.
  const sessions = config.replication.method === 'streams' ? concurrency + 1 : concurrency;
  const engine = new TranscoderEngine({ pageBytes: MOST_PAGES * PAGE_BYTES, sessions });
  const pages = new PageBufferPool({ pages: MOST_PAGES, readers: sessions, space: engine.pages });
  let left = streams.length;
  const onEnd = (): void => {
    pages.limitReaders(Math.min(sessions, --left));
  };
  const objects = new OpenObjects(MOST_OBJECTS);
  const inflater = new Inflater();
  const shared = { ...input, engine, pages, objects, inflater, outage: new Outage(), onEnd };
  const ends = await readScheduled({
    streams: streams.map((stream) => new StreamRead(shared, stream)),
    concurrency,
    signal: patience.signal,
    now: () => performance.now(),
    sleep: (ms, signal) => sleepFor(ms, undefined, { signal }),
  }).finally(() => inflater.close());
  return ends.length === streams.length && ends.every((end) => end === 'complete');
}

/** One of the configured streams, from its first message to its last. */
class StreamRead implements ScheduledStream {
  readonly #shared: SharedInput;
  readonly #stream: ConfiguredStream;
  readonly #messages: StreamMessages;
  #progress: StreamProgress | undefined;

  constructor(shared: SharedInput, stream: ConfiguredStream) {
    this.#shared = shared;
    this.#stream = stream;
    this.#messages = new StreamMessages(shared.writer, stream.descriptor);
  }

  get hasPosition(): boolean {
    const isIncremental = this.#stream.syncMode === 'incremental';
    return isIncremental && this.#hasChangeMethod() && this.#parseState().kind === 'stream';
  }

  get hasSnapshot(): boolean {
    const state = this.#parseState();
    return state.kind === 'stream' && (state.scan ?? state.export) !== undefined;
  }

  async read(part: StreamPart, signal: AbortSignal): Promise<PartEnd> {
    const { outage } = this.#shared;
    const end = await this.#readPart(part, signal).catch((error: unknown) => {
      if (error instanceof OutputError) throw error;
      // An error after being told to stop is not a failure.
      return signal.aborted ? ('stopped' as const) : toConnectorError(error);
    });
    outage.note(end === 'current' ? 'complete' : end);
    return end;
  }

  async finish(end: StreamEnd): Promise<void> {
    this.#shared.onEnd();
    if (this.#progress !== undefined) this.#shared.monitor.endStream(this.#progress, end);
    await this.#messages.writeStatus(end === 'complete' ? 'COMPLETE' : 'INCOMPLETE');
    if (typeof end !== 'string') await this.#messages.writeError(end);
  }

  /** What was read last in this run, or else before it. */
  #parseState(): ReturnType<typeof parseSavedState> {
    const { state } = this.#shared;
    return parseSavedState(this.#messages.lastState ?? state.states.get(this.#stream.descriptor));
  }

  #hasChangeMethod(): boolean {
    return this.#shared.config.replication.method === 'streams';
  }

  async #begin(): Promise<StreamProgress> {
    if (this.#progress !== undefined) return this.#progress;
    this.#progress = this.#shared.monitor.beginStream(this.#stream.descriptor.name);
    await this.#messages.writeStatus('STARTED');
    return this.#progress;
  }

  async #readPart(part: StreamPart, signal: AbortSignal): Promise<PartEnd> {
    const progress = await this.#begin();
    const [shared, stream, messages] = [this.#shared, this.#stream, this.#messages];
    const { config, connection, pages, objects, inflater } = shared;
    const { name } = stream.descriptor;
    const events = listenTo(shared.logger, { messages, progress });
    const source = { ...shared, patience: limitPatience(shared, events, signal) };
    const table = await describeSelected(source, findSelected(config, name));
    rejectKeyCalledData(table, config.records.format);
    const saved = this.#parseState();
    if (saved.kind === 'unfit') throw createStateError(name, saved.reason);
    const isChangesOnly = part === 'changes';
    const plan = chooseMethod(config).plan({ stream, table, saved, isChangesOnly });
    const resources = { config, connection, pages, objects, inflater, events };
    const input = { ...source, stream, table, plan, resources, messages, progress };
    if (!(await readStream(input))) return 'stopped';
    return plan.kind === 'stream' ? 'current' : 'complete';
  }
}

function limitPatience(
  { patience, outage }: SharedInput,
  events: StreamEvents,
  signal: AbortSignal,
): SourceContext['patience'] {
  const { patienceMs, throttlingPatienceMs = patienceMs } = patience;
  return {
    patienceMs: outage.limitPatience(patienceMs),
    throttlingPatienceMs,
    signal,
    onRetry: (error, pauseMs) => {
      events.retrying(error, pauseMs);
    },
  };
}
