import { access } from 'node:fs/promises';
import { parseJson } from '../../json/parse-json.ts';
import { InputStateReader, type InputState } from '../../protocol/input-state.ts';
import type { InputFile } from './file-failure.ts';
import { parseDocument, rejectJson, warnOfDuplicates, type ReadOptions } from './json-file.ts';
import { readLines, type Line } from './text-file.ts';

/**
 * Reads a state file: what the platform or a tool writes, the STATE messages of an earlier read, one a line, or the whole
 * output of one. There may be no file yet, as before the first of a series of reads.
 *
 * A last line without its end is what remains when a disk is full or a process killed: it is left out when a whole state
 * stands before it, which is always safe to go on from.
 *
 * @throws ConfigError for a file that cannot be read, that is no JSON or no state.
 */
export async function readStateFile(path: string, options: ReadOptions): Promise<InputState> {
  const { warn } = options;
  const file = { path, what: 'state' };
  const reader = new InputStateReader();
  if (path !== '-' && (await isMissing(path))) {
    warn(`There is no state file ${path}, so every stream is read from its beginning.`);
    return reader.finish();
  }
  const document: string[] = [];
  for await (const line of readLines(file, options.uid)) {
    if (document.length > 0) document.push(line.text);
    else if (line.text.trim() !== '' && !readLine(line, { file, reader, warn })) {
      // A document of several lines; nothing stands before it but empty lines.
      document.push('\n'.repeat(line.number - 1) + line.text);
    }
  }
  if (document.length > 0) {
    reader.add(parseDocument(document.join('\n'), file, warn), '');
  }
  return reader.finish();
}

interface LineContext {
  readonly file: InputFile;
  readonly reader: InputStateReader;
  readonly warn: ReadOptions['warn'];
}

/** Reads a line that is JSON by itself; false when it may begin a longer document. */
function readLine(line: Line, { file, reader, warn }: LineContext): boolean {
  const { text, number, isWhole } = line;
  let value: unknown;
  try {
    value = parseJson(text);
  } catch {
    if (reader.isUntouched) return false;
    if (isWhole || !reader.hasStates) throw rejectJson(text, file, number);
    warn(
      `The last line of the state file ${file.path}, line ${number}, is unfinished and left out; the read goes on from the states before it.`,
    );
    return true;
  }
  if (reader.add(value, `line ${number}`)) warnOfDuplicates(text, file, warn);
  return true;
}

function isMissing(path: string): Promise<boolean> {
  return access(path).then(
    () => false,
    (error: unknown) => (error as NodeJS.ErrnoException).code === 'ENOENT',
  );
}
