import type { Writable } from 'node:stream';
import type { Logger } from '../protocol/logger.ts';
import type { MessageWriter } from '../protocol/message-writer.ts';
import type { Redactor } from '../protocol/redactor.ts';
import type { Arguments } from './arguments.ts';

/** What a command works with. */
export interface CommandContext {
  readonly arguments: Arguments;
  readonly stdout: Writable;
  readonly stderr: Writable;
  /** Whether a person is looking at stdout, and the command has something better to show than messages. */
  readonly isForPerson: boolean;
  /** Writes a sentence to stderr if that is a terminal and stdout is not. */
  readonly tellPerson: (sentence: string) => void;
  /** The user that the process runs as; undefined where there are none. */
  readonly uid: number | undefined;
  /** The environment's variables. */
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly writer: MessageWriter;
  readonly redactor: Redactor;
  /** Aborted when the process is told to stop. */
  readonly signal: AbortSignal;
  /** A logger for commands that write messages. */
  readonly logger: Logger;
}

/** One command: resolves to the exit code. */
export type Command = (context: CommandContext) => Promise<number>;
