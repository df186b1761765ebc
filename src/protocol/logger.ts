import type { Writable } from 'node:stream';
import type { LogLevel } from './messages.ts';
import type { MessageWriter } from './message-writer.ts';
import type { Redactor } from './redactor.ts';

/** Where the connector says what it does. Secrets are masked on the way out. */
export interface Logger {
  debug(message: string): void;
  info(message: string): void;
  warn(message: string): void;
}

/** Takes one line of a log, secrets already masked. */
export type LogSink = (level: LogLevel, message: string) => void;

/** Logs through a sink; DEBUG lines only if they are asked for. */
export function createLogger(sink: LogSink, redactor: Redactor, debug: boolean): Logger {
  const log = (level: LogLevel) => (message: string) => {
    sink(level, redactor.redact(message));
  };
  return { debug: debug ? log('DEBUG') : () => undefined, info: log('INFO'), warn: log('WARN') };
}

/** A sink that writes LOG messages; `onFailure` is called when the output cannot be written. */
export function logToMessages(writer: MessageWriter, onFailure: (error: unknown) => void): LogSink {
  return (level, message) => {
    writer.write({ type: 'LOG', log: { level, message } }).catch(onFailure);
  };
}

/**
 * A sink for people, for commands whose stdout is their result: `2026-11-26T12:03:20Z INFO message`.
 *
 * @param now returns the time of a line.
 */
export function logToText(output: Writable, now: () => Date = () => new Date()): LogSink {
  return (level, message) => {
    const time = now().toISOString().replace(/\.\d+/, '');
    output.write(`${time} ${level} ${message}\n`);
  };
}
