import { expect } from 'chai';
import {
  createTranscoder,
  EMITTED_AT,
  openSession,
  type PageTranscoder,
  placeItems,
  toOptions,
} from './page-of-items.ts';
import type { RecordRules } from './reference-records.ts';

const INTEGER = { type: ['integer', 'null'] };

function rulesFor(properties: Readonly<Record<string, unknown>>): RecordRules {
  return {
    config: {
      format: 'columns',
      nestedValues: 'json',
      numberValues: 'number',
      unlistedAttributes: 'drop',
    },
    schema: { properties: { pk: { type: 'string' }, ...properties } },
    keys: ['pk'],
  };
}

/** Items with one attribute each, of names that no two share. */
function readNames(transcoder: PageTranscoder, count: number, name: (i: number) => string): void {
  const perPage = Math.max(1, Math.floor(1_000_000 / name(0).length));
  for (let first = 0; first < count; first += perPage) {
    const indices = Array.from({ length: Math.min(perPage, count - first) }, (_, i) => first + i);
    const items = indices.map((i) => `{"pk":{"S":"k"},"${name(i)}":{"N":"1"}}`);
    transcoder.transcode(placeItems(`[${items.join(',')}]`), EMITTED_AT);
  }
}

function countsByName(transcoder: PageTranscoder): ReadonlyMap<string, unknown> {
  return new Map(transcoder.listUnlisted().map(({ name, ...rest }) => [name, rest]));
}

const FILLERS: readonly (readonly [string, number, (i: number) => string])[] = [
  ['30,000 names', 30_000, (i) => `count#USER#${i}`],
  ['64 names of 64 KB', 64, (i) => `${String(i).padStart(2, '0')}${'n'.repeat(65_533)}`],
  ['5,000 names of 1 KB', 5_000, (i) => `${String(i).padStart(4, '0')}${'n'.repeat(1020)}`],
];

describe('counting what the catalog does not list', () => {
  for (const [title, count, name] of FILLERS) {
    it(`goes on when ${title} have filled the room for names`, () => {
      const transcoder = createTranscoder(rulesFor({ score: INTEGER, 'é\n/': INTEGER }));
      readNames(transcoder, count, name);
      const named = transcoder.listUnlisted().length;
      expect(named).to.be.below(count);
      expect(transcoder.countUnnamed()).to.equal(count - named);
      // The last one in a spelling of its name that the wire may have as well.
      const items = [
        '{"pk":{"S":"k"},"phone":{"S":"+49"},"score":{"N":"1.5"}}',
        String.raw`{"score":{"S":"x"},"\u00e9\u000a\/":{"N":"1.5"},"phone":{"N":"1"}}`,
      ];
      for (let page = 0; page < 3; page++) {
        transcoder.transcode(placeItems(`[${items.join(',')}]`), EMITTED_AT);
      }
      const counts = countsByName(transcoder);
      const score = { 'N with a fraction': 3, S: 3 };
      expect(counts.get('score')).to.deep.equal({ isListed: true, valuesByType: score });
      const spelled = { 'N with a fraction': 3 };
      expect(counts.get('é\n/')).to.deep.equal({ isListed: true, valuesByType: spelled });
      // A short name may still find room where a long one did not.
      const phone = counts.has('phone');
      if (phone) expect(counts.get('phone')).to.have.deep.property('valuesByType', { S: 3, N: 3 });
      expect(transcoder.countUnnamed()).to.equal(count - named + (phone ? 0 : 6));
      expect(counts.size).to.equal(named + (phone ? 3 : 2));
    });
  }

  it('never lacks room for what the catalog lists, however much that is', () => {
    const names = Array.from({ length: 100 }, (_, i) => `${i}-${'n'.repeat(65_000)}`);
    const transcoder = createTranscoder(
      rulesFor(Object.fromEntries(names.map((name) => [name, INTEGER]))),
    );
    for (let round = 0; round < 2; round++) {
      for (const name of [...names, 'other']) {
        transcoder.transcode(placeItems(`[{"${name}":{"S":"x"}}]`), EMITTED_AT);
      }
    }
    const counts = countsByName(transcoder);
    for (const name of names) {
      expect(counts.get(name)).to.deep.equal({ isListed: true, valuesByType: { S: 2 } });
    }
    expect(transcoder.countUnnamed() + (counts.has('other') ? 2 : 0)).to.equal(2);
  });

  it('of one stream takes no room from another', () => {
    const full = createTranscoder(rulesFor({}));
    readNames(full, 30_000, (i) => `count#USER#${i}`);
    const others = Array.from({ length: 10 }, () => createTranscoder(rulesFor({})));
    for (const other of others) readNames(other, 100, (i) => `a${i}`);
    for (const other of others) {
      expect(other.listUnlisted()).to.have.lengthOf(100);
      expect(other.countUnnamed()).to.equal(0);
    }
    expect(full.countUnnamed()).to.be.greaterThan(0);
  });

  it('names nothing of packed records, which hold everything', () => {
    const rules = rulesFor({ data: {} });
    const session = openSession(
      toOptions({ ...rules, config: { ...rules.config, format: 'packed' } }),
    );
    expect(session.listUnlisted()).to.deep.equal({ attributes: [], unnamedValues: 0 });
  });

  it('is told of once, however often it is asked for', () => {
    const transcoder = createTranscoder(rulesFor({ score: INTEGER }));
    readNames(transcoder, 30_000, (i) => `count#USER#${i}`);
    const first = transcoder.countUnnamed();
    expect(transcoder.countUnnamed()).to.equal(first);
    expect(transcoder.listUnlisted()).to.deep.equal(transcoder.listUnlisted());
  });
});
