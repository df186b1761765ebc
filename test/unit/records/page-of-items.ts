import { expect } from 'chai';
import { isDeepStrictEqual } from 'node:util';
import { SystemError } from '../../../src/errors.ts';
import { readListedAttributes } from '../../../src/records/listed-attributes.ts';
import { createRecordLine } from '../../../src/protocol/record-line.ts';
import { malformed } from '../../../src/records/malformed.ts';
import type { ItemBytes } from '../../../src/item-page.ts';
import type { LentOutput } from '../../../src/records/output-pool.ts';
import { GUARD_BYTES, LARGEST_PAGE_BYTES } from '../../../src/records/page-memory.ts';
import type {
  RecordLines,
  RecordOptions,
  RecordTranscoder,
  UnlistedAttribute,
} from '../../../src/records/transcoder.ts';
import { TranscoderEngine } from '../../../src/records/transcoder-engine.ts';
import { parseKeepingNumbers } from '../../support/reference-decoding.ts';
import type { WatchedAttribute } from '../../../src/values/seen-values.ts';
import type { ExpectedRecord, RecordRules } from './reference-records.ts';

export const STREAM = 'orders';
export const EMITTED_AT = 1_700_000_000_123;

/** What stands around the items in a response. */
export interface Surroundings {
  readonly before?: string;
  readonly after?: string;
}

/** An array of items within the bytes of a response. */
export interface BracketedItems {
  readonly bytes: Uint8Array;
  /** Index of the `[` before the first item. */
  readonly start: number;
  /** Index of the matching `]`. */
  readonly end: number;
}

/** An engine, with its outputs and its open sessions, the oldest first. */
export interface TestEngine {
  readonly engine: TranscoderEngine;
  readonly outputs: LentOutput[];
  readonly sessions: RecordTranscoder[];
}

/** One stream's transcoder, whose lines are valid until its engine's second call after the one that gave them. */
export interface PageTranscoder {
  transcode(items: BracketedItems, emittedAt: number): RecordLines;
  listUnlisted(): readonly UnlistedAttribute[];
  countUnnamed(): number;
}

const SLOTS = 8;
const SESSIONS = 16;

/** An engine with memory for so many pages of the longest kind. */
export async function createEngine(pages = 0): Promise<TestEngine> {
  const pageBytes = pages * LARGEST_PAGE_BYTES;
  const engine = new TranscoderEngine({ pageBytes, sessions: SESSIONS });
  const outputs = [await engine.lendOutput(), await engine.lendOutput()];
  return { engine, outputs, sessions: [] };
}

/** Room for a page of the longest kind. */
export function lendLargest({ engine }: TestEngine): Buffer {
  return engine.pages.lend(LARGEST_PAGE_BYTES - GUARD_BYTES) ?? expect.fail('no room');
}

// One engine serves many streams, as it does in a read. Making one takes longer than any test case.
const ENGINE = await createEngine(SLOTS);
const slots = Array.from({ length: SLOTS }, () => lendLargest(ENGINE));

/**
 * The bytes of items within a response. Those of odd length lie in the shared engine's memory, among what earlier ones
 * have left there, and are overwritten by the eighth after them; the others lie elsewhere.
 */
export function placeItems(items: string | Uint8Array, around: Surroundings = {}): BracketedItems {
  const { before = '{"Count":1,"Items":', after = ',"ScannedCount":1}' } = around;
  const body = typeof items === 'string' ? Buffer.from(items) : items;
  const start = Buffer.byteLength(before);
  const bytes = Buffer.concat([Buffer.from(before), body, Buffer.from(after)]);
  const place = { start, end: start + body.length - 1 };
  const [slot] = slots;
  if (slot === undefined || bytes.length % 2 === 0 || bytes.length > slot.length) {
    return { bytes, ...place };
  }
  slots.push(...slots.splice(0, 1));
  bytes.copy(slot);
  return { bytes: slot.subarray(0, bytes.length), ...place };
}

/** A transcoder for these rules. Of those that share an engine, only the last sixteen made may be used. */
export function createTranscoder(rules: RecordRules, testEngine = ENGINE): PageTranscoder {
  return toPageTranscoder(openSession(toOptions(rules), testEngine), testEngine);
}

/** The same with an attribute that is watched. */
export function openTranscoder(rules: RecordRules, watch?: WatchedAttribute): PageTranscoder {
  return toPageTranscoder(openSession({ ...toOptions(rules), ...(watch && { watch }) }), ENGINE);
}

function toPageTranscoder(session: RecordTranscoder, testEngine: TestEngine): PageTranscoder {
  return {
    transcode: (items, emittedAt) => {
      const [output, next] = testEngine.outputs as [LentOutput, LentOutput];
      testEngine.outputs.splice(0, 2, next, output);
      return session.transcode(toRuns(items), output, emittedAt);
    },
    listUnlisted: () => session.listUnlisted().attributes,
    countUnnamed: () => session.listUnlisted().unnamedValues,
  };
}

/** Opens a session in place of the oldest one when there is no room for more. */
export function openSession(
  options: RecordOptions,
  { engine, sessions } = ENGINE,
): RecordTranscoder {
  if (sessions.length === SESSIONS) sessions.shift()?.close();
  const session = engine.openSession(options);
  sessions.push(session);
  return session;
}

/** The options that these rules come to. */
export function toOptions({ config, schema, keys }: RecordRules, name = STREAM): RecordOptions {
  const line = createRecordLine({ name });
  return { line, config, listed: readListedAttributes(schema, config), keys };
}

/** The run within brackets, which those who cut items out of a response find. */
function toRuns({ bytes, start, end }: BracketedItems): ItemBytes {
  if (bytes[start] !== 0x5b || bytes[end] !== 0x5d || end <= start) throw malformed('an array', 0);
  return { bytes, runs: end === start + 1 ? [] : [{ start: start + 1, end }] };
}

/** The lines of a page as text. */
export function transcodeText(transcoder: PageTranscoder, items: BracketedItems): string {
  return readText(transcoder.transcode(items, EMITTED_AT));
}

export function readText({ lines }: RecordLines): string {
  return Buffer.from(lines).toString('utf8');
}

/** What transcoding a page led to; any error but a SystemError is thrown on. */
export function attempt(
  transcoder: PageTranscoder,
  items: BracketedItems,
): { readonly text: string; readonly recordCount: number } | { readonly error: string } {
  try {
    const result = transcoder.transcode(items, EMITTED_AT);
    return { text: readText(result), recordCount: result.recordCount };
  } catch (error) {
    if (error instanceof SystemError) return { error: error.message };
    throw error;
  }
}

/** Checks that the text holds one right RECORD line for each record, and nothing else. */
export function checkLines(text: string, expected: readonly ExpectedRecord[]): void {
  const lines = splitLines(text);
  expect(lines).to.have.lengthOf(expected.length);
  lines.forEach((line, index) => checkLine(line, expected[index] ?? new Map()));
}

/** The lines of a text that ends with the last one's line end. */
export function splitLines(text: string): readonly string[] {
  const lines = text.split('\n');
  expect(lines.pop(), 'what follows the last line').to.equal('');
  return lines;
}

function checkLine(line: string, expected: ExpectedRecord): void {
  const data = readData(line);
  expect(Object.keys(data).sort()).to.deep.equal([...expected.keys()].sort());
  for (const [name, { tree, isText }] of expected) {
    const actual = isText ? parseKeepingNumbers(asText(data[name])) : data[name];
    // Not chai's own: it takes a lone surrogate or a key called __proto__ for something else.
    if (!isDeepStrictEqual(actual, tree)) {
      expect.fail(`${JSON.stringify(name)} is wrong in ${line}`, JSON.stringify(tree), line);
    }
  }
}

function asText(value: unknown): string {
  if (typeof value !== 'string') expect.fail(`no JSON text: ${JSON.stringify(value)}`);
  return value;
}

/** The data of a RECORD line, its numbers marked. */
export function readData(line: string): Readonly<Record<string, unknown>> {
  const message = parseKeepingNumbers(line) as {
    readonly type: string;
    readonly record: Readonly<Record<string, unknown>>;
  };
  const { data, ...rest } = message.record;
  expect(Object.keys(message)).to.deep.equal(['type', 'record']);
  expect(message.type).to.equal('RECORD');
  expect(rest).to.have.all.keys('stream', 'emitted_at');
  expect(rest.stream).to.equal(STREAM);
  expect(String(rest.emitted_at)).to.match(new RegExp(`${EMITTED_AT}$`));
  return data as Readonly<Record<string, unknown>>;
}
