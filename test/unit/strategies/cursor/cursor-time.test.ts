import { expect } from 'chai';
import { recogniseTime } from '../../../../src/strategies/cursor/cursor-time.ts';

const NOW = Date.UTC(2026, 10, 26, 12, 3, 20);

function rewrite(type: 'S' | 'N', text: string) {
  const form = recogniseTime({ type, text }, NOW);
  return form && { isUtc: form.isUtc, text: form.write(NOW).text };
}

describe('a cursor that is a time', () => {
  const texts: readonly (readonly [string, string, boolean])[] = [
    ['2024-05-01T10:00:00Z', '2026-11-26T12:03:20Z', true],
    ['2024-05-01T10:00:00.5Z', '2026-11-26T12:03:20.0Z', true],
    ['2024-05-01t10:00:00,123456789z', '2026-11-26t12:03:20,000000000z', true],
    ['2024-05-01T10:00:00+00:00', '2026-11-26T12:03:20+00:00', true],
    ['2024-05-01T10:00:00.123-0000', '2026-11-26T12:03:20.000-0000', true],
    ['2024-05-01 10:00:00+00', '2026-11-26 12:03:20+00', true],
    ['2024-05-01T10:00Z', '2026-11-26T12:03Z', true],
    ['2024-05-01T10Z', '2026-11-26T12Z', true],
    ['20240501T100000Z', '20261126T120320Z', true],
    ['20240501T100000.123Z', '20261126T120320.000Z', true],
    ['9999-12-31T23:59:59.999Z', '2026-11-26T12:03:20.000Z', true],
    ['9999-99-99T99:99:99Z', '2026-11-26T12:03:20Z', true],
    ['2024-05-01T10:00:00+02:00', '2026-11-26T12:03:20+02:00', false],
    ['2024-05-01T10:00:00-0530', '2026-11-26T12:03:20-0530', false],
    ['2024-05-01T10:00:00.000', '2026-11-26T12:03:20.000', false],
    ['2024-05-01 10:00:00', '2026-11-26 12:03:20', false],
    ['2024-05-01 10:00:00 +02:00', '2026-11-26 12:03:20 +02:00', false],
    ['2024-05-01', '2026-11-26', false],
    ['9999-12-31', '2026-11-26', false],
    ['2024-05', '2026-11', false],
    ['20240501', '20261126', false],
    ['20240501100000', '20261126120320', false],
    ['1714557600', '1795694600', true],
    ['1714557600000', '1795694600000', true],
  ];
  for (const [text, written, isUtc] of texts) {
    it(`is the text ${text}, and another is written like it`, () => {
      expect(rewrite('S', text)).to.deep.equal({ isUtc, text: written });
    });
  }

  const numbers: readonly (readonly [string, string])[] = [
    ['978307200', '1795694600'],
    ['1714557600', '1795694600'],
    ['1714557600.123', '1795694600'],
    ['2110000000', '1795694600'],
    ['253402214400', '1795694600'],
    ['1714557600000', '1795694600000'],
    ['1.7145576E12', '1795694600000'],
    ['253402300799999', '1795694600000'],
    ['1714557600000000', '1795694600000000'],
    ['1714557600000000000', '1795694600000000000'],
  ];
  for (const [text, written] of numbers) {
    it(`is the number ${text}, and another is written in its unit`, () => {
      expect(rewrite('N', text)).to.deep.equal({ isUtc: true, text: written });
    });
  }

  for (const [type, text] of [
    ['N', '0'],
    ['N', '-1714557600'],
    ['N', '17'],
    ['N', '978307199'],
    ['N', '4102444800'],
    ['N', '12345678901234567890123456789012345678'],
    ['S', '01ARZ3NDEKTSV4RRFFQ69G5FAV'],
    ['S', ''],
    ['S', '26.11.2026'],
    ['S', '11/26/2026'],
    ['S', '2024'],
    ['S', '2024-5-1'],
    ['S', '00001234'],
    ['S', '50000000'],
    ['S', '2024-05-01T10:00:00Z!'],
    ['S', 'x2024-05-01T10:00:00Z'],
    ['S', 'never'],
  ] as const) {
    it(`is not ${type} ${JSON.stringify(text)}`, () => {
      expect(rewrite(type, text)).to.equal(undefined);
    });
  }
});
