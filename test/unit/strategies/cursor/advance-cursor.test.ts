import { expect } from 'chai';
import { advanceCursor } from '../../../../src/strategies/cursor/advance-cursor.ts';
import { type CursorValue, reachBack } from '../../../../src/strategies/cursor/cursor-value.ts';

const STARTED_AT = Date.UTC(2026, 10, 26, 12, 3, 20);

function text(value: string): CursorValue {
  return { type: 'S', text: value };
}
function number(value: string): CursorValue {
  return { type: 'N', text: value };
}

describe('the cursor after a whole scan', () => {
  const cases: readonly (readonly [string, CursorValue | undefined, CursorValue, string])[] = [
    ['is the largest value', undefined, text('2026-11-26T11:00:00Z'), '2026-11-26T11:00:00Z'],
    [
      'stays a margin behind the start',
      undefined,
      text('2026-11-26T12:03:19Z'),
      '2026-11-26T12:02:20Z',
    ],
    ['is not moved by a far future', undefined, text('9999-12-31'), '2026-11-25'],
    [
      'is cut off in the same precision',
      undefined,
      text('2026-11-26T12:30:00.123Z'),
      '2026-11-26T12:02:20.000Z',
    ],
    [
      'stays another 26 hours behind where clocks are on walls',
      undefined,
      text('2026-11-26T14:03:00+02:00'),
      '2026-11-25T10:02:20+02:00',
    ],
    [
      'never goes back',
      text('2026-11-26T12:03:00Z'),
      text('2026-11-26T12:03:19Z'),
      '2026-11-26T12:03:00Z',
    ],
    ['stays in a future that was saved', text('2099-01-01'), text('2099-01-02'), '2099-01-01'],
    ['is a number that is a time, cut off', undefined, number('1795694599.5'), '1795694540'],
    ['is any other number', number('5'), number('17'), '17'],
    ['is any other text', undefined, text('01ARZ3'), '01ARZ3'],
    [
      'is not drawn along by a text that is no time among times',
      text('2026-11-25T00:00:00Z'),
      text('never'),
      '2026-11-26T12:02:20Z',
    ],
  ];
  for (const [name, previous, largest, expected] of cases) {
    it(name, () => {
      const end = { largest, startedAt: STARTED_AT, marginMs: 60_000 };
      const { value } = advanceCursor(previous ? { ...end, previous } : end);
      expect(value.text).to.equal(expected);
    });
  }
});

describe('the bound of a read', () => {
  it('reaches back behind a number that is saved, by the overlap', () => {
    expect(reachBack(number('1000'), '10').text).to.equal('990');
    expect(reachBack(number('5'), '10').text).to.equal('-5');
    expect(reachBack(number('12345678901234567890123456789012345678'), '0.1').text).to.equal(
      '12345678901234567890123456789012345677',
    );
  });

  it('is what is saved, without an overlap and for texts', () => {
    expect(reachBack(number('1000'), undefined).text).to.equal('1000');
    expect(reachBack(text('1000'), '10').text).to.equal('1000');
  });
});
