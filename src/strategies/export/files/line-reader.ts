import { compactJson } from '../../../aws/dynamodb/compact-json.ts';
import type { ItemRun } from '../../../item-page.ts';
import type { ByteSpan } from '../../../json/json-scanner.ts';

const LINE_END = 0x0a;
const CARRIAGE_RETURN = 0x0d;
const SPACE = 0x20;
const TAB = 0x09;

/** A line that is none of an export; counted from 0 among the lines of the bytes that are not empty. */
export class LineError extends Error {
  override readonly name = 'LineError';
  readonly line: number;

  constructor(line: number) {
    super(`line ${line}`);
    this.line = line;
  }
}

/** Makes runs of the lines of an export. */
export interface LineCutter {
  /** Takes the item of a line without its end and blanks, and says whether it is one. Lines come in their order. */
  take(bytes: Buffer, line: ByteSpan): boolean;
  /** The runs of all lines that were taken. */
  readonly runs: readonly ItemRun[];
}

/**
 * Hands the lines to a cutter, in their order, and returns how many there were. Empty lines are passed over; blanks
 * between the tokens of a line are taken out of it where it stands.
 *
 * @param bytes whole lines.
 * @param skipped lines at the beginning that are not wanted, but counted.
 * @throws LineError.
 */
export function readLines(bytes: Buffer, cutter: LineCutter, skipped = 0): number {
  let count = 0;
  for (let start = 0; start < bytes.length;) {
    const found = bytes.indexOf(LINE_END, start);
    const end = found < 0 ? bytes.length : found;
    if (!isBlank(bytes, start, end)) {
      if (count >= skipped) takeLine(bytes, { start, end }, cutter, count);
      count++;
    }
    start = end + 1;
  }
  return count;
}

function takeLine(bytes: Buffer, line: ByteSpan, cutter: LineCutter, number: number): void {
  if (cutter.take(bytes, line)) return;
  const compact = compactJson(bytes.subarray(line.start, line.end));
  bytes.set(compact, line.start);
  const end = line.start + compact.length;
  // What is left of the line behind it belongs to no run.
  if (!cutter.take(bytes, { start: line.start, end })) throw new LineError(number);
}

function isBlank(bytes: Buffer, start: number, end: number): boolean {
  for (let at = start; at < end; at++) {
    const byte = bytes[at];
    if (byte !== SPACE && byte !== TAB && byte !== CARRIAGE_RETURN) return false;
  }
  return true;
}
