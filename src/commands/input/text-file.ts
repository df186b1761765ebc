import { createReadStream } from 'node:fs';
import { TextFileDecoder } from './decode-text.ts';
import { toFileError, type InputFile } from './file-failure.ts';

const STDIN_FD = 0;
const NEWLINE = '\n';

/** A line of a text. */
export interface Line {
  /** Without its end. */
  readonly text: string;
  /** Counted from 1. */
  readonly number: number;
  /** Whether an end of line stands behind it. */
  readonly isWhole: boolean;
}

/** @throws ConfigError for a file that cannot be read. */
export async function readText(file: InputFile, uid?: number): Promise<string> {
  const chunks: string[] = [];
  for await (const chunk of readChunks(file, uid)) chunks.push(chunk);
  return chunks.join('');
}

/**
 * The lines of a file of any size; an empty one behind the last end of line is none.
 *
 * @throws ConfigError for a file that cannot be read.
 */
export async function* readLines(file: InputFile, uid?: number): AsyncGenerator<Line> {
  let rest = '';
  let number = 0;
  for await (const chunk of readChunks(file, uid)) {
    const lines = (rest + chunk).split(NEWLINE);
    rest = lines.pop() ?? '';
    for (const text of lines) yield { text, number: ++number, isWhole: true };
  }
  if (rest !== '') yield { text: rest, number: number + 1, isWhole: false };
}

async function* readChunks(file: InputFile, uid?: number): AsyncGenerator<string> {
  const { path } = file;
  try {
    const readable =
      path === '-'
        ? createReadStream('', { fd: STDIN_FD, autoClose: false })
        : createReadStream(path);
    const decoder = new TextFileDecoder();
    for await (const chunk of readable) yield decoder.decode(chunk as Buffer);
  } catch (error) {
    throw toFileError(file, error, uid);
  }
}
