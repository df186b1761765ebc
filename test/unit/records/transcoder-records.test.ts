import { expect } from 'chai';
import fc from 'fast-check';
import {
  attempt,
  checkLines,
  createEngine,
  createTranscoder,
  EMITTED_AT,
  placeItems,
  readText,
  transcodeText,
} from './page-of-items.ts';
import { expectRecords, expectUnlisted } from './reference-records.ts';
import { tableCase } from './rules-arbitraries.ts';

describe('the transcoder, for any items and any config', () => {
  it('writes the records that a plain reading of the JSON gives', () => {
    const anyCase = tableCase({ min: 1, max: 1 });
    fc.assert(
      fc.property(anyCase, ({ rules, pages }) => {
        const [page = '[]'] = pages;
        const expected = expectRecords(page, rules);
        const result = createTranscoder(rules).transcode(placeItems(page), EMITTED_AT);
        checkLines(readText(result), expected);
        expect(result.recordCount).to.equal(expected.length);
      }),
      { numRuns: 1500 },
    );
  });

  it('writes page after page, whatever attributes came in which order before', () => {
    fc.assert(
      fc.property(tableCase({ min: 2, max: 6 }), ({ rules, pages }) => {
        const transcoder = createTranscoder(rules);
        for (const page of pages) {
          checkLines(transcodeText(transcoder, placeItems(page)), expectRecords(page, rules));
        }
      }),
      { numRuns: 600 },
    );
  });

  it('counts what the catalog does not list over all pages', () => {
    fc.assert(
      fc.property(tableCase({ min: 1, max: 4 }), ({ rules, pages }) => {
        const transcoder = createTranscoder(rules);
        for (const page of pages) transcoder.transcode(placeItems(page), EMITTED_AT);
        const items = pages.map((page) => page.slice(1, -1)).filter((text) => text !== '');
        const expected = expectUnlisted(`[${items.join(',')}]`, rules);
        const listed = transcoder.listUnlisted();
        expect(listed.map(({ name }) => name)).to.have.members([...expected.keys()]);
        for (const { name, isListed, valuesByType } of listed) {
          expect({ isListed, valuesByType }).to.deep.equal(expected.get(name));
        }
      }),
      { numRuns: 800 },
    );
  });

  it('leaves the lines of a page as they are while the next one is transcoded', () => {
    fc.assert(
      fc.property(tableCase({ min: 2, max: 6 }), ({ rules, pages }) => {
        const transcoder = createTranscoder(rules);
        let previous = transcoder.transcode(placeItems('[]'), EMITTED_AT);
        let previousText = readText(previous);
        for (const page of pages) {
          const next = transcoder.transcode(placeItems(page), EMITTED_AT);
          expect(readText(previous)).to.equal(previousText);
          previous = next;
          previousText = readText(next);
        }
      }),
      { numRuns: 300 },
    );
  });

  it('writes the same line for a page however many pages came before it', async () => {
    const otherEngine = await createEngine();
    fc.assert(
      fc.property(tableCase({ min: 2, max: 5 }), ({ rules, pages }) => {
        const used = createTranscoder(rules);
        for (const page of pages) {
          const alone = attempt(createTranscoder(rules, otherEngine), placeItems(page));
          expect(attempt(used, placeItems(page))).to.deep.equal(alone);
        }
      }),
      { numRuns: 300 },
    );
  });
});
