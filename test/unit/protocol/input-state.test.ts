import { expect } from 'chai';
import { ConfigError } from '../../../src/errors.ts';
import { parseInputState } from '../../../src/protocol/input-state.ts';

function entryOf(name: string, state: unknown): object {
  return { stream_descriptor: { name }, stream_state: state };
}

describe('parsing an input state', () => {
  const state = { scan_complete: true };
  const stream = entryOf('orders', state);
  const message = { type: 'STREAM', stream };

  const same: readonly (readonly [string, unknown])[] = [
    ['an array of messages', [message]],
    ['one message', message],
    ['a STATE message around it', { type: 'STATE', state: message }],
    ['an array of STATE messages', [{ type: 'STATE', state: message }]],
    ['an entry without a type', [{ stream }]],
    ['an entry with statistics', [{ ...message, sourceStats: { recordCount: 1.0 } }]],
    ['an entry with legacy data beside it', [{ ...message, data: { orders: {} } }]],
    ['empty entries around it', [{}, null, message, {}]],
  ];
  for (const [name, input] of same) {
    it(`takes ${name}`, () => {
      const { byStream, ignoredLegacyEntries } = parseInputState(input);
      expect([...byStream]).to.deep.equal([['orders', state]]);
      expect(ignoredLegacyEntries).to.equal(0);
    });
  }

  for (const input of [undefined, null, {}, [], [{}], [null]]) {
    it(`takes ${input === undefined ? 'nothing' : JSON.stringify(input)} for no state`, () => {
      const { byStream, ignoredLegacyEntries } = parseInputState(input);
      expect(byStream.size).to.equal(0);
      expect(ignoredLegacyEntries).to.equal(0);
    });
  }

  it('keeps the states of all streams, and of two for one stream the last', () => {
    const { byStream } = parseInputState([
      { type: 'STREAM', stream: entryOf('a', { n: 1 }) },
      { type: 'STREAM', stream: entryOf('__proto__', { n: 2 }) },
      { type: 'STREAM', stream: entryOf('a', { n: 3 }) },
    ]);
    expect([...byStream]).to.deep.equal([
      ['a', { n: 3 }],
      ['__proto__', { n: 2 }],
    ]);
  });

  it('keeps a state that is null or missing as it is', () => {
    const { byStream } = parseInputState([
      { type: 'STREAM', stream: entryOf('a', null) },
      { type: 'STREAM', stream: { stream_descriptor: { name: 'b' } } },
    ]);
    expect([...byStream]).to.deep.equal([
      ['a', null],
      ['b', undefined],
    ]);
  });

  it('ignores and counts LEGACY entries', () => {
    const { byStream, ignoredLegacyEntries } = parseInputState([
      { type: 'LEGACY', data: { orders: {} } },
      message,
      { data: { orders: {} } },
    ]);
    expect([...byStream.keys()]).to.deep.equal(['orders']);
    expect(ignoredLegacyEntries).to.equal(2);
  });

  const invalid: readonly (readonly [string, unknown, RegExp])[] = [
    ['a GLOBAL state', [{ type: 'GLOBAL', global: {} }], /it is a GLOBAL state/],
    ['text', 'state', /an entry is no object/],
    ['a number', 5, /an entry is no object/],
    ['a list of text', ['state'], /an entry is no object/],
    ['a list of lists', [[]], /an entry is no object/],
    ['an entry without a stream', [{ type: 'STREAM' }], /no stream.stream_descriptor.name/],
    ['an entry without a descriptor', [{ stream: {} }], /no stream.stream_descriptor.name/],
    ['a nameless one', [{ stream: { stream_descriptor: {} } }], /no stream.stream_descriptor.name/],
    ['an unknown object', { orders: { scan: {} } }, /no stream.stream_descriptor.name/],
  ];
  for (const [name, input, expected] of invalid) {
    it(`refuses ${name}`, () => {
      expect(() => parseInputState(input)).to.throw(ConfigError, expected);
    });
  }
});
