import { expect } from 'chai';
import fc from 'fast-check';
import { createRecordLine } from '../../../src/protocol/record-line.ts';
import type { RecordTranscoder } from '../../../src/records/transcoder.ts';
import { TranscoderEngine } from '../../../src/records/transcoder-engine.ts';
import {
  checkLines,
  createEngine,
  createTranscoder,
  EMITTED_AT,
  openSession,
  placeItems,
  transcodeText,
  toOptions,
} from './page-of-items.ts';
import { expectRecords, expectUnlisted } from './reference-records.ts';
import { DROPPING_RULES as RULES, tableCase } from './rules-arbitraries.ts';

/** The lines of one item. */
async function transcodeItem(
  engine: TranscoderEngine,
  session: RecordTranscoder,
  item: string,
): Promise<string> {
  const output = await engine.lendOutput();
  const bytes = Buffer.from(item);
  const page = { bytes, runs: [{ start: 0, end: bytes.length }] };
  const { lines } = session.transcode(page, output, EMITTED_AT);
  const text = Buffer.from(lines).toString();
  output.release();
  return text;
}

describe('sessions of one engine', () => {
  it('write the names of their own streams, and count what is theirs', async () => {
    const engine = new TranscoderEngine({ pageBytes: 0, sessions: 2 });
    const orders = engine.openSession(toOptions(RULES, 'orders'));
    const users = engine.openSession(toOptions(RULES, 'users'));
    for (const [session, name] of [
      [orders, 'orders'],
      [users, 'users'],
      [orders, 'orders'],
    ] as const) {
      const item = `{"pk":{"S":"k"},"of_${name}":{"N":"1"}}`;
      expect(await transcodeItem(engine, session, item)).to.equal(
        `{"type":"RECORD","record":{"stream":"${name}","data":{"pk":"k"},"emitted_at":${EMITTED_AT}}}\n`,
      );
    }
    expect(orders.listUnlisted().attributes).to.deep.equal([
      { name: 'of_orders', isListed: false, valuesByType: { N: 2 } },
    ]);
    expect(users.listUnlisted().attributes).to.deep.equal([
      { name: 'of_users', isListed: false, valuesByType: { N: 1 } },
    ]);
  });

  it('each write the records that are theirs, whatever the others read meanwhile', async () => {
    const testEngine = await createEngine(2);
    const cases = fc.array(tableCase({ min: 1, max: 4 }), { minLength: 2, maxLength: 5 });
    fc.assert(
      fc.property(cases, (tables) => {
        const streams = tables.map(({ rules, pages }) => ({
          ...{ rules, pages },
          transcoder: createTranscoder(rules, testEngine),
        }));
        for (let index = 0; index < 4; index++) {
          for (const { rules, pages, transcoder } of streams) {
            const page = pages[index];
            if (page === undefined) continue;
            checkLines(transcodeText(transcoder, placeItems(page)), expectRecords(page, rules));
          }
        }
        for (const { rules, pages, transcoder } of streams) {
          const items = pages.map((page) => page.slice(1, -1)).filter((text) => text !== '');
          const expected = expectUnlisted(`[${items.join(',')}]`, rules);
          const names = transcoder.listUnlisted().map(({ name }) => name);
          expect(names).to.have.members([...expected.keys()]);
        }
      }),
      { numRuns: 200 },
    );
  });

  it('are as many as there is room for, and give their room back', () => {
    const engine = new TranscoderEngine({ pageBytes: 0, sessions: 2 });
    const first = engine.openSession(toOptions(RULES));
    engine.openSession(toOptions(RULES));
    expect(() => engine.openSession(toOptions(RULES))).to.throw(RangeError);
    first.close();
    first.close();
    engine.openSession(toOptions(RULES));
    expect(() => engine.openSession(toOptions(RULES))).to.throw(RangeError);
  });

  it('know nothing of the one that had their room before, and cannot be used once closed', async () => {
    const engine = new TranscoderEngine({ pageBytes: 0, sessions: 1 });
    const before = engine.openSession(toOptions(RULES));
    await transcodeItem(engine, before, '{"pk":{"S":"k"},"other":{"N":"1"}}');
    before.close();
    const session = engine.openSession(toOptions(RULES));
    expect(session.listUnlisted().attributes).to.deep.equal([]);
    expect(await transcodeItem(engine, session, '{"pk":{"N":"1"}}')).to.include('{"pk":1}');
    expect(session.listUnlisted().attributes).to.have.lengthOf(1);
    expect(() => before.listUnlisted()).to.throw('closed');
    const output = await engine.lendOutput();
    const page = { bytes: new Uint8Array(0), runs: [] };
    expect(() => before.transcode(page, output, EMITTED_AT)).to.throw('closed');
  });

  it('give their room back when a name was too long for it', () => {
    const engine = new TranscoderEngine({ pageBytes: 0, sessions: 1 });
    expect(() => engine.openSession(toOptions(RULES, 'x'.repeat(20_000)))).to.throw(RangeError);
    engine.openSession(toOptions(RULES));
  });

  it('refuse a suffix that is too long instead of cutting it', async () => {
    const testEngine = await createEngine();
    const [output] = testEngine.outputs;
    const line = createRecordLine({ name: 'orders' });
    for (const length of [65, 256, 257]) {
      const suffix = `,"emitted_at":1,"x":"${'s'.repeat(length - 25)}"}}\n`;
      const session = openSession(
        { ...toOptions(RULES), line: { ...line, suffix: () => Buffer.from(suffix) } },
        testEngine,
      );
      const bytes = Buffer.from('{"pk":{"S":"k"}}');
      const page = { bytes, runs: [{ start: 0, end: bytes.length }] };
      const transcode = (): string =>
        output === undefined
          ? ''
          : Buffer.from(session.transcode(page, output, EMITTED_AT).lines).toString();
      if (suffix.length > 256) expect(transcode).to.throw(RangeError);
      else expect(transcode()).to.equal(`${line.prefix.toString()}{"pk":"k"}${suffix}`);
    }
  });

  it('keep to their rooms while one of them has a page too long for the shared memory', async () => {
    const testEngine = await createEngine(2);
    const all = { ...RULES, config: { ...RULES.config, unlistedAttributes: 'emit' as const } };
    const long = createTranscoder(all, testEngine);
    const other = createTranscoder(RULES, testEngine);
    const item = `{"pk":{"S":"k"},"a":{"S":"${'y'.repeat(6_000)}"},"n":{"N":"1"}}`;
    for (let page = 0; page < 3; page++) {
      // Elsewhere than in a slot, with an attribute that only this page has.
      const more = `{"only${page}":{"NULL":true}}`;
      const pieces = [...Array<string>(1_500).fill(item), more];
      const text = `[${pieces.join(',')}]`;
      const lines = transcodeText(long, placeItems(text));
      expect(lines.length).to.be.greaterThan(9_000_000);
      checkLines(lines, expectRecords(text, all));
      const small = '[{"pk":{"S":"k"},"x":{"N":"1"}}]';
      checkLines(transcodeText(other, placeItems(small)), expectRecords(small, RULES));
      checkLines(transcodeText(long, placeItems(small)), expectRecords(small, all));
    }
    const counted = Object.fromEntries(
      long.listUnlisted().map(({ name, valuesByType }) => [name, valuesByType]),
    );
    expect(counted).to.deep.equal({
      ...{ a: { S: 4_500 }, n: { N: 4_500 }, x: { N: 3 } },
      ...{ only0: { NULL: 1 }, only1: { NULL: 1 }, only2: { NULL: 1 } },
    });
    expect(other.listUnlisted()).to.deep.equal([
      { name: 'x', isListed: false, valuesByType: { N: 3 } },
    ]);
  });

  it('keep what a damaged page that is too long had before the damage', async () => {
    const testEngine = await createEngine();
    const transcoder = createTranscoder(RULES, testEngine);
    const item = `{"early":{"N":"1"},"pk":{"S":"${'y'.repeat(6_000)}"}}`;
    const damaged = placeItems(`[${`${item},`.repeat(800)}{"pk":{"X":"k"}}]`);
    expect(() => transcoder.transcode(damaged, EMITTED_AT)).to.throw('an attribute type expected');
    const next = '[{"pk":{"S":"k"},"early":{"N":"1"}}]';
    checkLines(transcodeText(transcoder, placeItems(next)), expectRecords(next, RULES));
    expect(transcoder.listUnlisted()).to.deep.equal([
      { name: 'early', isListed: false, valuesByType: { N: 801 } },
    ]);
  });
});

describe('outputs', () => {
  it('are lent to one at a time, in the order in which they were asked for', async () => {
    const engine = new TranscoderEngine({ pageBytes: 0, sessions: 1 });
    const [first, second] = [await engine.lendOutput(), await engine.lendOutput()];
    expect(first.bytes.byteOffset).to.not.equal(second.bytes.byteOffset);
    const order: string[] = [];
    const third = engine.lendOutput().then((output) => {
      order.push('third');
      return output;
    });
    const fourth = engine.lendOutput().then((output) => {
      order.push('fourth');
      return output;
    });
    await new Promise(setImmediate);
    expect(order).to.deep.equal([]);
    first.release();
    expect((await third).bytes).to.equal(first.bytes);
    await new Promise(setImmediate);
    expect(order).to.deep.equal(['third']);
    second.release();
    expect((await fourth).bytes).to.equal(second.bytes);
  });

  it('are not lent twice when they are released twice', async () => {
    const engine = new TranscoderEngine({ pageBytes: 0, sessions: 1 });
    const first = await engine.lendOutput();
    first.release();
    first.release();
    const again = await engine.lendOutput();
    first.release();
    const other = await engine.lendOutput();
    expect(other.bytes.byteOffset).to.not.equal(again.bytes.byteOffset);
  });

  it('take no lines once they are released, nor those of another engine', async () => {
    const engine = new TranscoderEngine({ pageBytes: 0, sessions: 1 });
    const session = engine.openSession(toOptions(RULES));
    const page = { bytes: new Uint8Array(0), runs: [] };
    const output = await engine.lendOutput();
    expect(session.transcode(page, output, EMITTED_AT).recordCount).to.equal(0);
    output.release();
    expect(() => session.transcode(page, output, EMITTED_AT)).to.throw('released');
    const [foreign = output] = (await createEngine()).outputs;
    expect(() => session.transcode(page, foreign, EMITTED_AT)).to.throw('another engine');
  });
});
