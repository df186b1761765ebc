import { createReadStream } from 'node:fs';
import { BadTextError, TextFileDecoder } from './decode-text.ts';
import { createTextError, toFileError, type InputFile } from './file-failure.ts';

const STDIN_FD = 0;
const NEWLINE = '\n';

/** A line of a text. */
export interface Line {
  /** The text without the line end. */
  readonly text: string;
  /** Counted from 1. */
  readonly number: number;
  /** Whether a line end follows it. */
  readonly isWhole: boolean;
}

/** @throws ConfigError for a file that cannot be read or is not text throughout. */
export async function readText(file: InputFile, uid?: number): Promise<string> {
  const chunks: string[] = [];
  const countLines = (): number => chunks.join('').split(NEWLINE).length - 1;
  const options = { uid, countLines, mayEndWithinCharacter: false };
  for await (const chunk of readChunks(file, options)) chunks.push(chunk);
  return chunks.join('');
}

/**
 * Yields the lines of a file of any size; nothing after the last line end is not a line. The last line may be cut off
 * anywhere, even within a character.
 *
 * @throws ConfigError for a file that cannot be read or is not text.
 */
export async function* readLines(file: InputFile, uid?: number): AsyncGenerator<Line> {
  let rest = '';
  let number = 0;
  const options = { uid, countLines: () => number, mayEndWithinCharacter: true };
  for await (const chunk of readChunks(file, options)) {
    const lines = (rest + chunk).split(NEWLINE);
    rest = lines.pop() ?? '';
    for (const text of lines) yield { text, number: ++number, isWhole: true };
  }
  if (rest !== '') yield { text: rest, number: number + 1, isWhole: false };
}

interface ChunkOptions {
  readonly uid: number | undefined;
  /** Counts the line ends in the chunks before. */
  readonly countLines: () => number;
  readonly mayEndWithinCharacter: boolean;
}

async function* readChunks(file: InputFile, options: ChunkOptions): AsyncGenerator<string> {
  const { path } = file;
  try {
    const readable =
      path === '-'
        ? createReadStream('', { fd: STDIN_FD, autoClose: false })
        : createReadStream(path);
    const decoder = new TextFileDecoder();
    for await (const chunk of readable) yield decoder.decode(chunk as Buffer);
    if (!options.mayEndWithinCharacter) decoder.end();
  } catch (error) {
    if (!(error instanceof BadTextError)) throw toFileError(file, error, options.uid);
    const { linesBefore } = error;
    const line = linesBefore === undefined ? undefined : options.countLines() + linesBefore + 1;
    throw createTextError(file, line);
  }
}
