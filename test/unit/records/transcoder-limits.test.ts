import { expect } from 'chai';
import {
  attempt,
  createEngine,
  createTranscoder,
  EMITTED_AT,
  lendLargest,
  openSession,
  placeItems,
  readText,
  splitLines,
  STREAM,
  toOptions,
  transcodeText,
} from './page-of-items.ts';
import { createMemory } from '../../../src/records/page-memory.ts';
import { LineBuffer } from '../../../src/records/session/line-buffer.ts';
import { RunTranscoder } from '../../../src/records/session/run-transcoder.ts';
import { SessionArea } from '../../../src/records/session/session-area.ts';
import { compileTranscoder } from '../../../src/records/session/transcoder-module.ts';
import { COMPLETE_RULES, DROPPING_RULES } from './rules-arbitraries.ts';

const RULES = [...COMPLETE_RULES, DROPPING_RULES];
const PREFIX = `{"type":"RECORD","record":{"stream":"${STREAM}","data":`;
const SUFFIX = `,"emitted_at":${EMITTED_AT}}}\n`;
const EMPTY_RECORD = `${PREFIX}{}${SUFFIX}`;
const EMPTY_PACKED_RECORD = `${PREFIX}{"data":"{}"}${SUFFIX}`;
// What an engine has room for in each of its outputs.
const [{ bytes: OUTPUT } = { bytes: Buffer.alloc(0) }] = (await createEngine()).outputs;
const OUTPUT_BYTES = OUTPUT.length;
// As many levels as would overflow any stack of calls.
const BOMB_LEVELS = 200_000;
const [COLUMNS = DROPPING_RULES] = COMPLETE_RULES;
const PACKED_TEXT =
  COMPLETE_RULES.find(
    ({ config }) => config.format === 'packed' && config.nestedValues === 'string',
  ) ?? COLUMNS;
const NUMBER_TEXT =
  COMPLETE_RULES.find(
    ({ config }) => config.numberValues === 'string' && config.nestedValues === 'json',
  ) ?? COLUMNS;

function nest(levels: number, opening: string, closing: string, inner: string): string {
  return opening.repeat(levels) + inner + closing.repeat(levels);
}

describe('the transcoder, at its limits', () => {
  it('copies values 32 levels deep', () => {
    const value = nest(32, '{"L":[', ']}', '{"S":"x"}');
    const text = transcodeText(createTranscoder(COLUMNS), placeItems(`[{"a":${value}}]`));
    expect(text).to.equal(`${PREFIX}{"a":${nest(32, '[', ']', '"x"')}}${SUFFIX}`);
  });

  for (const [kind, opening, closing] of [
    ['lists', '{"L":[', ']}'],
    ['maps', '{"M":{"m":', '}}'],
  ] as const) {
    it(`refuses ${kind} nested without end in what is emitted`, () => {
      const items = placeItems(`[{"a":${nest(BOMB_LEVELS, opening, closing, '{"S":"x"}')}}]`);
      for (const rules of COMPLETE_RULES) {
        expect(attempt(createTranscoder(rules), items)).to.have.property('error');
      }
    });

    it(`passes over ${kind} nested without end in what is left out`, () => {
      const value = nest(BOMB_LEVELS, opening, closing, '{"S":"x"}');
      const items = placeItems(`[{"a":${value},"pk":{"S":"b"}}]`);
      const text = transcodeText(createTranscoder(DROPPING_RULES), items);
      expect(text).to.equal(`${PREFIX}{"pk":"b"}${SUFFIX}`);
    });

    it(`refuses ${kind} that are opened and never closed`, () => {
      for (const rules of RULES) {
        for (const start of ['[{"a":', '[{"pk":', '[']) {
          const items = placeItems(`${start}${opening.repeat(BOMB_LEVELS)}]`);
          expect(attempt(createTranscoder(rules), items)).to.have.property('error');
        }
      }
    });
  }

  it('refuses brackets, braces, quotes and backslashes without end', () => {
    for (const text of ['[', '{', '"', '\\', '\\"', '{"', '"a":{"', ',', ']', '}', '{}']) {
      for (const rules of RULES) {
        const items = placeItems(`[{"pk":{"S":"${text.repeat(BOMB_LEVELS)}]`);
        expect(attempt(createTranscoder(rules), items), text).to.have.property('error');
      }
    }
  });

  it('copies strings of any length at any place', () => {
    for (let length = 0; length <= 80; length++) {
      for (const last of ['', '\\\\', '\\"', '\\u0041', 'é', '\\n\\\\\\"']) {
        const token = `"${'x'.repeat(length)}${last}"`;
        const items = placeItems(`[{"a":{"S":${token}}}]`);
        const text = transcodeText(createTranscoder(COLUMNS), items);
        expect(text).to.equal(`${PREFIX}{"a":${token}}${SUFFIX}`);
      }
    }
  });

  it('tells apart names that begin alike, whatever their length', () => {
    const names = Array.from({ length: 70 }, (_, index) => 'n'.repeat(index + 1));
    const transcoder = createTranscoder(COLUMNS);
    for (const order of [names, [...names].reverse(), names.filter((_, i) => i % 3 > 0)]) {
      const item = order.map((name, index) => `"${name}":{"N":"${index}"}`).join(',');
      const record = order.map((name, index) => `"${name}":${index}`).join(',');
      const text = transcodeText(transcoder, placeItems(`[{${item}},{${item}}]`));
      expect(text).to.equal(`${PREFIX}{${record}}${SUFFIX}`.repeat(2));
    }
  });

  it('writes a page whose records are far longer than its items', async () => {
    const count = Math.ceil((1.5 * OUTPUT_BYTES) / EMPTY_RECORD.length);
    const items = placeItems(`[${'{},'.repeat(count - 1)}{}]`);
    const transcoder = createTranscoder(COLUMNS, await createEngine());
    const before = transcoder.transcode(placeItems('[{"a":{"S":"x"}}]'), EMITTED_AT);
    const result = transcoder.transcode(items, EMITTED_AT);
    expect(result.recordCount).to.equal(count);
    expect(readText(result) === EMPTY_RECORD.repeat(count)).to.equal(true);
    expect(readText(before)).to.equal(`${PREFIX}{"a":"x"}${SUFFIX}`);
    const damaged = placeItems(`[${'{},'.repeat(count - 1)}}]`);
    expect(attempt(transcoder, damaged)).to.have.property('error');
    expect(transcodeText(transcoder, placeItems('[{}]'))).to.equal(EMPTY_RECORD);
    // Still what it was: it was put together apart from the buffers that are used by turns.
    expect(readText(result) === EMPTY_RECORD.repeat(count)).to.equal(true);
  });

  it('writes pages of every length about that at which its output is full', async () => {
    const transcoder = createTranscoder(COLUMNS, await createEngine());
    const long = 'y'.repeat(100_000);
    for (let roomLeft = 0; roomLeft < 1_000_000; roomLeft += 200_000) {
      const count = Math.floor((OUTPUT_BYTES - roomLeft) / EMPTY_RECORD.length);
      for (const text of [long, long.slice(1), `${long}z`]) {
        const item = `{"a":{"S":"${text}"}},`;
        const tiny = '{},'.repeat(count);
        const lines = transcodeText(transcoder, placeItems(`[${tiny}${item.repeat(5)}{}]`));
        const record = `${PREFIX}{"a":"${text}"}${SUFFIX}`;
        const expected = EMPTY_RECORD.repeat(count) + record.repeat(5) + EMPTY_RECORD;
        expect(lines === expected, `${count}`).to.equal(true);
      }
    }
  });

  it('has its room for pages while one is transcoded that is too long for it', async () => {
    const testEngine = await createEngine(2);
    const long = placeItems(`[{"a":{"S":"${'y'.repeat(9_000_000)}"}}]`);
    createTranscoder(COLUMNS, testEngine).transcode(long, EMITTED_AT);
    lendLargest(testEngine);
    const next = createTranscoder(COLUMNS, testEngine);
    lendLargest(testEngine);
    const text = transcodeText(next, placeItems('[{"a":{"S":"z"}}]'));
    expect(text).to.equal(`${PREFIX}{"a":"z"}${SUFFIX}`);
  });

  it('grows for a page larger than any before, and leaves the lines before it as they are', async () => {
    const transcoder = createTranscoder(COLUMNS, await createEngine());
    const before = transcoder.transcode(placeItems('[{"a":{"S":"x"}}]'), EMITTED_AT);
    const long = 'y'.repeat(400_000);
    const large = placeItems(`[${Array(15).fill(`{"a":{"S":"${long}"}}`).join(',')}]`);
    const lines = splitLines(transcodeText(transcoder, large));
    expect(lines).to.have.lengthOf(15);
    for (const line of lines)
      expect(`${line}\n` === `${PREFIX}{"a":"${long}"}${SUFFIX}`).to.equal(true);
    expect(readText(before)).to.equal(`${PREFIX}{"a":"x"}${SUFFIX}`);
    const after = transcodeText(transcoder, placeItems('[{"a":{"S":"z"}}]'));
    expect(after).to.equal(`${PREFIX}{"a":"z"}${SUFFIX}`);
  });

  it('writes odd numbers in a set that is longer than its input', () => {
    const count = 80_000;
    const items = placeItems(`[{"a":{"NS":[${Array(count).fill('".5"').join(',')}]}}]`);
    const text = transcodeText(createTranscoder(NUMBER_TEXT), items);
    const members = Array(count).fill('"0.5"').join(',');
    expect(text === `${PREFIX}{"a":[${members}]}${SUFFIX}`).to.equal(true);
  });

  it('keeps apart the lines of two pages, however much a record grows', async () => {
    const growing = `{"a":{"NS":[${Array(80_000).fill('".5"').join(',')}]}}`;
    for (const roomLeft of [401_000, 440_000, 475_000, 500_000]) {
      const tiny = '{},'.repeat((OUTPUT_BYTES - roomLeft) / EMPTY_RECORD.length);
      for (const before of ['[]', `[{"a":{"S":"${'p'.repeat(100_000)}"}}]`]) {
        const transcoder = createTranscoder(NUMBER_TEXT, await createEngine());
        const kept = transcoder.transcode(placeItems(before), EMITTED_AT);
        const keptText = readText(kept);
        const text = transcodeText(transcoder, placeItems(`[${tiny}${growing}]`));
        expect(text.endsWith(`,"0.5"]}${SUFFIX}`)).to.equal(true);
        expect(readText(kept) === keptText, 'lines of the page before').to.equal(true);
      }
    }
  });

  it('keeps them apart when a key is quoted twice, as no table has one', async () => {
    const set = `["${'\\\\'.repeat(200_000)}"]`;
    const growing = `{"pk":{"SS":${set}}}`;
    const quoted = JSON.stringify(set);
    const record = `{"pk":${quoted},"data":${JSON.stringify(`{"pk":${set}}`)}}`;
    for (const roomLeft of [1_250_000, 1_400_000, 1_550_000, 1_650_000]) {
      const tiny = '{},'.repeat((OUTPUT_BYTES - roomLeft) / EMPTY_PACKED_RECORD.length);
      const transcoder = createTranscoder(PACKED_TEXT, await createEngine());
      const kept = transcoder.transcode(placeItems(`[{"pk":{"S":"kept"}}]`), EMITTED_AT);
      const keptText = readText(kept);
      const text = transcodeText(transcoder, placeItems(`[${tiny}${growing}]`));
      expect(text.endsWith(`\n${PREFIX}${record}${SUFFIX}`), 'the record').to.equal(true);
      expect(readText(kept) === keptText, 'lines of the page before').to.equal(true);
    }
  });

  it('refuses names of a stream and its namespace that it has no room for', () => {
    const options = toOptions(COLUMNS, 'x'.repeat(1 << 14));
    expect(() => openSession(options)).to.throw(RangeError);
  });

  it('says that a page is ASCII when it is, whatever came before', () => {
    const memory = createMemory(1 << 23);
    const area = new SessionArea(1 << 16);
    const { line } = toOptions(COLUMNS);
    const runs = new RunTranscoder({
      ...{ compiled: compileTranscoder(), memory, area },
      settings: {
        ...{ prefix: line.prefix, packed: Buffer.from('"data":'), isPacked: false },
        ...{ emitsData: false, isNestedText: false, isNumberText: false },
        judge: (name) => ({
          name,
          isListed: true,
          isEmitted: true,
          isWatched: false,
          isHidden: false,
          listedTypes: 0,
        }),
      },
    });
    const bytes = Buffer.from(memory.buffer);
    const address = area.endAddress;
    const isAscii = (value: string): boolean => {
      const length = bytes.write(`{"a":{"S":"${value}"}}`, address);
      const lines = new LineBuffer(bytes.subarray(address + 1000));
      return runs.transcode({ address, length, columns: undefined }, lines).isAscii;
    };
    expect(
      ['plain', 'é', 'plain', 'x'.repeat(99), `${'x'.repeat(99)}é`, 'x'].map(isAscii),
    ).to.deep.equal([true, false, true, true, false, true]);
  });

  it('quotes JSON text that is all quotes and backslashes', () => {
    const rules = PACKED_TEXT;
    const value = '\\"\\\\'.repeat(90_000);
    const items = placeItems(`[${Array(3).fill(`{"pk":{"S":"${value}"}}`).join(',')}]`);
    const text = transcodeText(createTranscoder(rules), items);
    const record = `{"pk":"${value}","data":${JSON.stringify(`{"pk":"${value}"}`)}}`;
    expect(text === `${PREFIX}${record}${SUFFIX}`.repeat(3)).to.equal(true);
  });

  it('reads names of every item again when there are more than it remembers', () => {
    const transcoder = createTranscoder(COLUMNS);
    const name = (index: number): string => `${index}-${'n'.repeat(240)}`;
    for (let page = 0; page < 30; page++) {
      const indices = Array.from({ length: 1000 }, (_, index) => page * 1000 + index);
      const items = indices.map((i) => `{"${name(i)}":{"N":"${i}"},"pk":{"S":"k"}}`);
      const text = transcodeText(transcoder, placeItems(`[${items.join(',')}]`));
      const records = indices.map((i) => `${PREFIX}{"${name(i)}":${i},"pk":"k"}${SUFFIX}`);
      expect(text === records.join('')).to.equal(true);
    }
  });

  it('refuses a number that is no number without searching it for long', () => {
    for (const digits of ['0', '1', '0.0', '-', 'E', '+']) {
      const items = placeItems(`[{"a":{"N":"${digits.repeat(100_000)}x"}}]`);
      expect(attempt(createTranscoder(COLUMNS), items)).to.have.property('error');
    }
  }).timeout(10_000);
});
