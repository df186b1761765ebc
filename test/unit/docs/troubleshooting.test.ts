import { expect } from 'chai';
import { listFixedParts, readPage } from './sentences.ts';

describe('docs/troubleshooting.md', () => {
  it('explains every error and warning that the connector can say', () => {
    // Long messages go on in lines that are indented.
    const page = readPage('troubleshooting.md').replace(/\n {2}(?=\S)/g, ' ');
    const missing = listFixedParts().filter(({ text }) => !page.includes(text));
    expect(missing.map(({ place, text }) => `${place}: ${text}`)).to.deep.equal([]);
  });

  it('is checked against sentences of every kind', () => {
    const texts = listFixedParts().map(({ text }) => text);
    expect(texts).to.include.members([
      'The config must be a JSON object.',
      'DynamoDB kept throttling',
      'The state has entries of the LEGACY type (',
      'Unexpected argument:',
    ]);
  });
});
