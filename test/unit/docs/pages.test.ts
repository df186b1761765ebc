import { expect } from 'chai';
import { INSTRUMENTS } from '../../../src/monitoring/instruments.ts';
import { hasFile, listPages, readPage } from './sentences.ts';

const LINK = /\]\((?!https?:)([^)#]*)(?:#([^)]*))?\)/g;
const WIDEST_CELL = 100;

describe('the pages of docs/', () => {
  for (const name of listPages()) {
    it(`link only to what there is: ${name}`, () => {
      const links = [...readPage(name).matchAll(LINK)];
      for (const [link, page = '', anchor] of links) {
        const target = page === '' ? name : page;
        expect(hasFile(target), link).to.equal(true);
        if (anchor !== undefined) expect(anchorsOf(readPage(target)), link).to.include(anchor);
      }
    });
  }

  for (const name of ['../README.md', ...listPages()]) {
    it(`have tables that can be read in the source: ${name}`, () => {
      const rows = readPage(name).matchAll(/^\|(.*)\|$/gm);
      const cells = [...rows].flatMap(([, row = '']) => row.split('|').map((cell) => cell.trim()));
      expect(cells.filter((cell) => cell.length > WIDEST_CELL)).to.deep.equal([]);
    });
  }

  it('list every metric, with its unit', () => {
    const rows = readPage('monitoring.md').matchAll(/^\| `(source_dynamodb\.\w+)` +\| `([^`]+)`/gm);
    const listed = [...rows].map(([, name, unit]) => ({ name, unit }));
    const known = INSTRUMENTS.map(({ name, unit }) => ({ name, unit }));
    expect(listed).to.deep.equal(known);
  });
});

/** The anchors that GitHub makes of a page's headings. */
function anchorsOf(page: string): readonly string[] {
  return [...page.matchAll(/^#+ (.*)$/gm)].map(([, heading = '']) =>
    heading
      .toLowerCase()
      .replace(/[^\w\- ]/g, '')
      .replaceAll(' ', '-'),
  );
}
