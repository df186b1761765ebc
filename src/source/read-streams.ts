import { chooseScan } from '../config/choose-scan.ts';
import { type ConnectorError, toConnectorError } from '../errors.ts';
import { formatDuration } from '../text/figures.ts';
import type { ReadMonitor } from '../monitoring/read-monitor.ts';
import type { StreamProgress } from '../monitoring/stream-progress.ts';
import type { ConfiguredStream } from '../protocol/configured-catalog.ts';
import type { InputState } from '../protocol/input-state.ts';
import { type MessageWriter, OutputError } from '../protocol/message-writer.ts';
import { TranscoderEngine } from '../records/transcoder-engine.ts';
import { MOST_PAGES } from '../strategies/scan/scan-strategy.ts';
import { settleScan } from '../strategies/scan/scan-settings.ts';
import { rejectKeyCalledData } from './catalog.ts';
import { expectAmount } from './expected-amount.ts';
import { describeSelected, findSelected, type SourceContext } from './find-tables.ts';
import { planRead } from './plan.ts';
import { readStream } from './read-stream.ts';
import { StreamMessages } from './stream-messages.ts';

/** A source context, and what is to be read. */
export interface ReadInput extends SourceContext {
  readonly writer: MessageWriter;
  readonly streams: readonly ConfiguredStream[];
  readonly state: InputState;
  readonly monitor: ReadMonitor;
}

/**
 * Reads the configured streams one after the other, and whether all of them are complete.
 *
 * A stream that fails does not stop the others; an aborted signal does.
 *
 * @throws OutputError.
 */
export async function readStreams(input: ReadInput): Promise<boolean> {
  const engine = new TranscoderEngine({ pages: MOST_PAGES, sessions: 1 });
  const { patienceMs, throttlingPatienceMs = patienceMs, signal } = input.patience;
  let areComplete = true;
  let isOutage = false;
  for (const stream of input.streams) {
    if (signal.aborted) return false;
    // An outage that one stream has waited out in vain is not waited out again by each of the others.
    const left = { patienceMs: isOutage ? 0 : patienceMs, throttlingPatienceMs };
    const patience = { ...input.patience, ...left };
    const outcome = await readOne({ ...input, engine, patience }, stream);
    isOutage = isOutageAfter(outcome, isOutage);
    areComplete &&= outcome === 'complete';
  }
  return areComplete;
}

/** How the read of a stream ended: with all of it, because it was told to stop, or with a failure. */
type StreamEnd = 'complete' | 'stopped' | ConnectorError;

/** Whether AWS does not answer, as far as a stream has shown; what has no reason was found out without asking it. */
function isOutageAfter(outcome: StreamEnd, wasOutage: boolean): boolean {
  if (typeof outcome === 'string') return false;
  return outcome.reason === undefined ? wasOutage : outcome.reason === 'unanswered';
}

/** The engine serves one stream after the other. */
type StreamInput = ReadInput & { readonly engine: TranscoderEngine };

async function readOne(input: StreamInput, stream: ConfiguredStream): Promise<StreamEnd> {
  const { signal } = input.patience;
  const messages = new StreamMessages(input.writer, stream.descriptor);
  const progress = input.monitor.beginStream(stream.descriptor.name);
  await messages.writeStatus('STARTED');
  try {
    const isComplete = await readPlanned(input, stream, { messages, progress });
    const outcome = isComplete ? 'complete' : 'stopped';
    input.monitor.endStream(progress, outcome);
    await messages.writeStatus(isComplete ? 'COMPLETE' : 'INCOMPLETE');
    return outcome;
  } catch (error) {
    if (error instanceof OutputError) throw error;
    // What fails because it was told to stop is no failure.
    const outcome = signal.aborted ? 'stopped' : toConnectorError(error);
    input.monitor.endStream(progress, outcome);
    await messages.writeStatus('INCOMPLETE');
    if (outcome !== 'stopped') await messages.writeError(error);
    return outcome;
  }
}

/** Where it is told how a stream goes. */
interface StreamReport {
  readonly messages: StreamMessages;
  readonly progress: StreamProgress;
}

async function readPlanned(
  input: StreamInput,
  stream: ConfiguredStream,
  { messages, progress }: StreamReport,
): Promise<boolean> {
  const { config, connection, logger, writer, patience, engine } = input;
  const { name } = stream.descriptor;
  const onRetry = (error: ConnectorError, pauseMs: number): void => {
    if (error.reason === 'throttled') progress.addThrottle();
    else progress.addRetry();
    logger.warn(`${name}: trying again in ${formatDuration(pauseMs)}. ${error.message}`);
  };
  const source = { ...input, patience: { ...patience, onRetry } };
  const table = await describeSelected(source, findSelected(config, name));
  rejectKeyCalledData(table, config.records.format);
  const onRateLimit = (isLimited: boolean): void => {
    const reasons = isLimited ? [{ type: 'RATE_LIMITED' as const }] : [];
    // Whoever writes next meets the same failure, and tells of it.
    messages.writeStatus('RUNNING', reasons).catch(() => undefined);
  };
  const settings = settleScan(chooseScan(config, name), table);
  for (const remark of settings.remarks) logger.info(remark);
  const plan = planRead({
    ...{ config, connection, logger, stream, table, settings, onRetry, onRateLimit, engine },
    savedState: input.state.byStream.get(name),
  });
  const { itemCount, sizeBytes } = settings;
  progress.expect(expectAmount(name, settings, input.state.byStream.get(name)));
  return readStream({
    name,
    table: { ...table, itemCount, sizeBytes },
    plan,
    writer,
    messages,
    progress,
    logger,
    checkpointIntervalMs: config.checkpointIntervalMs,
    emitsUnlisted: config.records.unlistedAttributes === 'emit',
    signal: patience.signal,
  });
}
