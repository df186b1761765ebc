import { levelOfPause } from '../aws/calls/retry.ts';
import { PAGE_BYTES } from '../aws/calls/page-borrower.ts';
import { PageBufferPool } from '../aws/calls/page-buffer-pool.ts';
import { toConnectorError } from '../errors.ts';
import { merge, sourceOf } from '../merge.ts';
import type { ReadMonitor } from '../monitoring/read-monitor.ts';
import type { StreamProgress } from '../monitoring/stream-progress.ts';
import type { ConfiguredStream } from '../protocol/configured-catalog.ts';
import type { InputState } from '../protocol/input-state.ts';
import { type MessageWriter, OutputError } from '../protocol/message-writer.ts';
import { TranscoderEngine } from '../records/transcoder-engine.ts';
import { chooseMethod } from '../strategies/choose-method.ts';
import type { StreamEvents } from '../strategies/read-strategy.ts';
import { parseSavedState } from '../strategies/saved-state.ts';
import { createStateError } from '../strategies/scan/scan-plan.ts';
import type { SourceContext } from '../strategies/source-context.ts';
import { formatDuration } from '../text/figures.ts';
import { rejectKeyCalledData } from './catalog.ts';
import { describeSelected, findSelected } from './find-tables.ts';
import { Outage, type StreamEnd } from './outage.ts';
import { readStream } from './read-stream.ts';
import { StreamMessages } from './stream-messages.ts';

// The number of pages, over all streams, that are in flight or waiting to be transcoded; fewer when they are long. It
// bounds the memory; 64 segments of one table, and a page of read-ahead for some of them, keep two cores busy.
const MOST_PAGES = 80;

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
  readonly outage: Outage;
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
  const sessions = Math.min(config.concurrentStreams, Math.max(1, streams.length));
  const engine = new TranscoderEngine({ pageBytes: MOST_PAGES * PAGE_BYTES, sessions });
  const pages = new PageBufferPool({ pages: MOST_PAGES, readers: sessions, space: engine.pages });
  const shared = { ...input, engine, pages, outage: new Outage() };
  const reads = streams.map((stream) => sourceOf((signal) => readOne(shared, stream, signal)));
  const ends: StreamEnd[] = [];
  const merged = merge(reads, { concurrency: sessions, signal: patience.signal });
  for await (const end of merged) {
    ends.push(end);
    pages.limitReaders(Math.min(sessions, streams.length - ends.length));
  }
  return ends.length === streams.length && ends.every((end) => end === 'complete');
}

async function readOne(
  shared: SharedInput,
  stream: ConfiguredStream,
  signal: AbortSignal,
): Promise<StreamEnd> {
  const { monitor, writer, outage } = shared;
  const messages = new StreamMessages(writer, stream.descriptor);
  const progress = monitor.beginStream(stream.descriptor.name);
  await messages.writeStatus('STARTED');
  const end = await readPlanned(shared, stream, { messages, progress, signal }).then(
    (isComplete) => (isComplete ? 'complete' : 'stopped'),
    (error: unknown) => {
      if (error instanceof OutputError) throw error;
      // An error after being told to stop is not a failure.
      return signal.aborted ? 'stopped' : toConnectorError(error);
    },
  );
  outage.note(end);
  monitor.endStream(progress, end);
  await messages.writeStatus(end === 'complete' ? 'COMPLETE' : 'INCOMPLETE');
  if (typeof end !== 'string') await messages.writeError(end);
  return end;
}

/** Where the progress of a stream is reported, and what stops it. */
interface StreamReport {
  readonly messages: StreamMessages;
  readonly progress: StreamProgress;
  readonly signal: AbortSignal;
}

async function readPlanned(
  shared: SharedInput,
  stream: ConfiguredStream,
  { messages, progress, signal }: StreamReport,
): Promise<boolean> {
  const { config, connection, pages } = shared;
  const { name } = stream.descriptor;
  const events = listenTo(shared, { messages, progress, signal });
  const source = { ...shared, patience: limitPatience(shared, events, signal) };
  const table = await describeSelected(source, findSelected(config, name));
  rejectKeyCalledData(table, config.records.format);
  const saved = parseSavedState(shared.state.states.get(stream.descriptor));
  if (saved.kind === 'unfit') throw createStateError(name, saved.reason);
  const plan = chooseMethod(config).plan({ stream, table, saved });
  const resources = { connection, pages, events };
  return readStream({ ...source, stream, table, plan, resources, messages, progress });
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

function listenTo({ logger }: SharedInput, { messages, progress }: StreamReport): StreamEvents {
  return {
    retrying: (error, pauseMs) => {
      if (error.reason === 'throttled') progress.addThrottle();
      else progress.addRetry();
      const pause = formatDuration(pauseMs);
      logger[levelOfPause(pauseMs)](`${progress.name}: trying again in ${pause}. ${error.message}`);
    },
    told: ({ level, message }) => {
      logger[level](message);
    },
    rateLimited: (isLimited) => {
      const reasons = isLimited ? [{ type: 'RATE_LIMITED' as const }] : [];
      // The next write fails in the same way, and reports it.
      messages.writeStatus('RUNNING', reasons).catch(() => undefined);
    },
  };
}
