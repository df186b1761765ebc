import { access } from 'node:fs/promises';
import { ConfigError } from '../../errors.ts';
import { parseJson } from '../../json/parse-json.ts';
import { InputStateReader, type InputState } from '../../protocol/input-state.ts';
import { isContent, nameFile, toFileError, type InputFile } from './file-failure.ts';
import { createJsonError, parseDocument, warnOfDuplicates, type ReadOptions } from './json-file.ts';
import { readLines, type Line } from './text-file.ts';

// Nearly all of a read's output is records, maybe many gigabytes of them, and parsing takes five times as long as
// reading.
const RECORD_START = '{"type":"RECORD",';
const RECORD_END = /,"emitted_at":\d+\}\}\r?$/;
const LONGEST_RECORD_END = ',"emitted_at":1234567890123456}}\r'.length;
const JSON_START = /^\s*(?:\{|\[\s*(?:["[{]|$))/;
const IN_EVERY_STATE = /"stream_?states?"/i;
const STATE_MARK = /"type"\s*:\s*"(?:STATE|STREAM|GLOBAL)"|"stream_?descriptor"/i;

/**
 * Reads a state file: what the platform or a tool writes, the STATE messages of an earlier read, one per line, or the
 * whole output of one. The file need not exist yet, as before the first in a series of reads.
 *
 * A full disk or a killed process leaves an incomplete last line: it is ignored if a complete state precedes it, which
 * is always safe to continue from.
 *
 * @throws ConfigError for a file that cannot be read, that is not JSON or not a state.
 */
export async function readStateFile(path: string, options: ReadOptions): Promise<InputState> {
  const { warn } = options;
  const file = { path, what: 'state' };
  const reader = new InputStateReader();
  if (path !== '-' && (await isMissing(file))) {
    warn(`There is no state file ${path}, so every stream is read from its beginning.`);
    return reader.finish();
  }
  const document: string[] = [];
  let logLine: Line | undefined;
  for await (const line of readLines(file, options.uid)) {
    if (document.length > 0) document.push(line.text);
    else if (line.text.trim() === '') continue;
    else {
      const kind = readLine(line, { file, reader, warn });
      if (kind === 'log') logLine ??= line;
      // Only empty lines and log lines precede it.
      if (kind === 'document') document.push('\n'.repeat(line.number - 1) + line.text);
    }
  }
  if (document.length > 0) {
    reader.add(parseDocument(document.join('\n'), file, warn), '');
  }
  if (reader.isUntouched && logLine !== undefined) {
    throw createJsonError(logLine.text, file, logLine.number);
  }
  return reader.finish();
}

/**
 * Whether a line is not a message but belongs to a log that went to the same file, as with `2>&1`.
 *
 * @throws ConfigError when a state follows the text, as in the job log of a platform: ignoring it could mean continuing
 * from an older one.
 */
function isOfLog({ text, number }: Line, file: InputFile): boolean {
  if (JSON_START.test(text)) return false;
  if (STATE_MARK.test(text)) {
    throw new ConfigError(
      `${nameFile(file)} has text before a state (line ${number}). Pass only the states, one per line.`,
    );
  }
  return true;
}

interface LineContext {
  readonly file: InputFile;
  readonly reader: InputStateReader;
  readonly warn: ReadOptions['warn'];
}

/** Reads a line that is JSON by itself; any other line belongs to a log, or begins a longer document. */
function readLine(
  line: Line,
  { file, reader, warn }: LineContext,
): 'messages' | 'log' | 'document' {
  const { text, number, isWhole } = line;
  if (isWhole && isRecord(text)) {
    reader.passOver();
    return 'messages';
  }
  let value: unknown;
  try {
    value = parseJson(text);
  } catch {
    if (isOfLog(line, file)) return 'log';
    if (reader.isUntouched) return 'document';
    if (isWhole || !reader.hasStates) throw createJsonError(text, file, number);
    warn(
      `The last line of the state file ${file.path}, line ${number}, is incomplete and was ignored; the read continues from the states before it.`,
    );
    return 'messages';
  }
  if (reader.add(value, `line ${number}`)) warnOfDuplicates(text, file, warn);
  return 'messages';
}

/**
 * Whether a line begins with a record and nothing of interest follows it.
 *
 * A record that was cut off has no line end, so the first message of a later read into the same file follows directly.
 * A complete record can be recognised by its end, without looking at the rest.
 */
function isRecord(text: string): boolean {
  if (!text.startsWith(RECORD_START)) return false;
  return RECORD_END.test(text.slice(-LONGEST_RECORD_END)) || !IN_EVERY_STATE.test(text);
}

/** @throws ConfigError if a state was given instead of a path, which is not a file that does not exist yet. */
function isMissing(file: InputFile): Promise<boolean> {
  return access(file.path).then(
    () => false,
    (error: unknown) => {
      if (isContent(file.path)) throw toFileError(file, error);
      return (error as NodeJS.ErrnoException).code === 'ENOENT';
    },
  );
}
