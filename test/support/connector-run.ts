import type { JsonObject } from './json.ts';
import type {
  CatalogPayload,
  ConnectionStatusPayload,
  ErrorPayload,
  EstimatePayload,
  LogPayload,
  Message,
  SpecPayload,
  StatePayload,
  StreamStatus,
  TracePayload,
} from './messages.ts';

/** What a finished run left behind. */
export type RunOutcome = Pick<
  ConnectorRun,
  'exitCode' | 'signal' | 'stderr' | 'lines' | 'messages' | 'discarded' | 'partialLine'
>;

/** A finished run of the connector, with its messages grouped. */
export class ConnectorRun {
  /** Null when a signal ended the process. */
  readonly exitCode: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stderr: string;
  /** Lines of stdout as they were written, for checks to the byte. */
  readonly lines: readonly string[];
  /** The same lines parsed; empty for `stdout: 'text'`. */
  readonly messages: readonly Message[];
  /** RECORD lines by stream where they were discarded. */
  readonly discarded: ReadonlyMap<string, number>;
  /** What SIGKILL left of a last line; empty otherwise. */
  readonly partialLine: string;

  constructor(outcome: RunOutcome) {
    ({ exitCode: this.exitCode, signal: this.signal, stderr: this.stderr } = outcome);
    ({ lines: this.lines, messages: this.messages } = outcome);
    ({ discarded: this.discarded, partialLine: this.partialLine } = outcome);
  }

  /** All of stdout. */
  get text(): string {
    return this.lines.join('\n');
  }

  /** The `data` of a stream's records, in the order of emission; empty for a stream without records. */
  records(stream: string): readonly JsonObject[] {
    return this.messages.flatMap((message) =>
      message.type === 'RECORD' && message.record.stream === stream ? [message.record.data] : [],
    );
  }

  /** The RECORD lines as they were written. */
  get recordLines(): readonly string[] {
    return this.lines.filter((line) => line.startsWith('{"type":"RECORD"'));
  }

  /** How many records a stream had, discarded ones included. */
  recordCount(stream: string): number {
    return this.records(stream).length + (this.discarded.get(stream) ?? 0);
  }

  /** Streams that have records, in order of their first one. */
  get recordStreams(): readonly string[] {
    const kept = this.messages.flatMap((message) =>
      message.type === 'RECORD' ? [message.record.stream] : [],
    );
    return [...new Set([...kept, ...this.discarded.keys()])];
  }

  /** Every state in order. `writeJson(run.states)` is a file for `--state`, of which the last of a stream wins. */
  get states(): readonly StatePayload[] {
    return this.messages.flatMap((message) => (message.type === 'STATE' ? [message.state] : []));
  }

  /** Every state of one stream, in order. */
  statesOf(stream: string): readonly StatePayload[] {
    return this.states.filter((state) => state.stream.stream_descriptor.name === stream);
  }

  get logs(): readonly LogPayload[] {
    return this.messages.flatMap((message) => (message.type === 'LOG' ? [message.log] : []));
  }

  get warnings(): readonly string[] {
    return this.logs.flatMap((log) => (log.level === 'WARN' ? [log.message] : []));
  }

  get traces(): readonly TracePayload[] {
    return this.messages.flatMap((message) => (message.type === 'TRACE' ? [message.trace] : []));
  }

  /** A stream's statuses in order. */
  statuses(stream: string): readonly StreamStatus[] {
    return this.traces.flatMap((trace) =>
      trace.type === 'STREAM_STATUS' && trace.stream_status.stream_descriptor.name === stream
        ? [trace.stream_status.status]
        : [],
    );
  }

  /** The ERROR traces. */
  get errors(): readonly ErrorPayload[] {
    return this.traces.flatMap((trace) => (trace.type === 'ERROR' ? [trace.error] : []));
  }

  get estimates(): readonly EstimatePayload[] {
    return this.traces.flatMap((trace) => (trace.type === 'ESTIMATE' ? [trace.estimate] : []));
  }

  /** The one SPEC; undefined without any, and throws when there are several. */
  get spec(): SpecPayload | undefined {
    return single(this.messages.flatMap((m) => (m.type === 'SPEC' ? [m.spec] : [])));
  }

  /** The one CONNECTION_STATUS; undefined without any, and throws when there are several. */
  get connectionStatus(): ConnectionStatusPayload | undefined {
    return single(
      this.messages.flatMap((m) => (m.type === 'CONNECTION_STATUS' ? [m.connectionStatus] : [])),
    );
  }

  /** The one CATALOG; undefined without any, and throws when there are several. */
  get catalog(): CatalogPayload | undefined {
    return single(this.messages.flatMap((m) => (m.type === 'CATALOG' ? [m.catalog] : [])));
  }
}

function single<T>(found: readonly T[]): T | undefined {
  if (found.length > 1) throw new Error(`${found.length} messages where one was expected`);
  return found[0];
}
