import { expect } from 'chai';
import fc from 'fast-check';
import { compactJson } from '../../../../src/aws/dynamodb/compact-json.ts';

function compact(json: string): string {
  return Buffer.from(compactJson(Buffer.from(json))).toString();
}

describe('compacting JSON', () => {
  it('leaves out what stands between tokens, whatever its indentation', () => {
    const indentation = fc.constantFrom(1, 2, 4, '\t', ' \t');
    fc.assert(
      fc.property(fc.jsonValue(), indentation, (value, indent) => {
        const loose = JSON.stringify(value, null, indent).replaceAll('\n', '\r\n');
        expect(compact(` ${loose}\n`)).to.equal(JSON.stringify(value));
      }),
      { numRuns: 500 },
    );
  });

  it('keeps blanks, quotes and backslashes within strings', () => {
    const json = String.raw`{ "a b" : [ " \" ] , \\" , "\\\" x" , "c  d" ] }`;
    expect(compact(json)).to.equal(String.raw`{"a b":[" \" ] , \\","\\\" x","c  d"]}`);
  });

  it('keeps compact JSON and bytes beyond ASCII as they are', () => {
    const json = '{"é":"日本 語","n":-1.5E3}';
    expect(compact(json)).to.equal(json);
  });

  it('ends where a cut-off text ends', () => {
    for (const json of ['', '{ "a', '{ "a\\', '"\\']) {
      expect(compact(json)).to.equal(json.replace('{ ', '{'));
    }
  });
});
