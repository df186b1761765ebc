import { expect } from 'chai';
import { ConfigError } from '../../../src/errors.ts';
import { type InputState, parseInputState } from '../../../src/protocol/input-state.ts';

function entryOf(name: string, state: unknown): object {
  return { stream_descriptor: { name }, stream_state: state };
}

/** The states of streams that have no namespace, by their names. */
function listStates({ states }: InputState): readonly (readonly [string, unknown])[] {
  return states.names.map((name) => [name, states.get({ name })]);
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
    ['a list inside "state"', { state: [message] }],
    ['a list inside "data"', { data: [message] }],
    ['one message inside "data"', { data: message }],
    ['a STATE message of Singer', { type: 'STATE', value: { type: 'STATE', state: message } }],
    ['a state file of Meltano', { singer_state: [message], completed: null }],
    ['an entry without anything around it', [stream]],
    [
      "Airbyte's API",
      {
        stateType: 'stream',
        connectionId: 'c-1',
        streamState: [{ streamDescriptor: { name: 'orders' }, streamState: state }],
        globalState: null,
      },
    ],
    ["Airbyte's screen", [{ streamDescriptor: { name: 'orders' }, streamState: state }]],
    [
      'camelCase in a message',
      [{ type: 'STREAM', stream: { streamDescriptor: { name: 'orders' }, streamState: state } }],
    ],
    ['GLOBAL', [{ type: 'GLOBAL', global: { stream_states: [stream] } }]],
    ['GLOBAL without type', { global: { shared_state: null, stream_states: [stream] } }],
    [
      'GLOBAL of the API',
      {
        stateType: 'global',
        globalState: {
          sharedState: {},
          streamStates: [{ streamDescriptor: { name: 'orders' }, streamState: state }],
        },
      },
    ],
    [
      'a whole output',
      [
        { type: 'LOG', log: {} },
        { type: 'RECORD', record: {} },
        { type: 'STATE', state: message },
      ],
    ],
    [
      'nulls for absent members',
      [{ type: 'STREAM', stream, global: null, data: null, sourceStats: null }],
    ],
  ];
  for (const [name, input] of same) {
    it(`takes ${name}`, () => {
      const parsed = parseInputState(input);
      expect(listStates(parsed)).to.deep.equal([['orders', state]]);
      expect(parsed.ignoredLegacyEntries).to.equal(0);
    });
  }

  for (const input of [
    ...[undefined, null, {}, [], [{}], [null]],
    ...[
      { type: null, stream: null },
      { stateType: 'not_set', connectionId: 'c-1' },
    ],
    [{ type: 'GLOBAL', global: { stream_states: [] } }],
    [{ type: 'GLOBAL', global: { shared_state: { a: null }, stream_states: null } }],
    { state: [] },
  ]) {
    it(`takes ${input === undefined ? 'nothing' : JSON.stringify(input)} for no state`, () => {
      const { states, ignoredLegacyEntries } = parseInputState(input);
      expect(states.names).to.deep.equal([]);
      expect(ignoredLegacyEntries).to.equal(0);
    });
  }

  it('keeps the states of all streams, and of two for one stream the last', () => {
    const parsed = parseInputState([
      { type: 'STREAM', stream: entryOf('a', { n: 1 }) },
      { type: 'STREAM', stream: entryOf('__proto__', { n: 2 }) },
      { type: 'STREAM', stream: entryOf('a', { n: 3 }) },
    ]);
    expect(listStates(parsed)).to.deep.equal([
      ['a', { n: 3 }],
      ['__proto__', { n: 2 }],
    ]);
  });

  it('keeps streams of one name in several namespaces apart', () => {
    const states = ['a', 'b', undefined, 'a'].map((namespace, n) => ({
      stream: { stream_descriptor: { name: 't', namespace }, stream_state: { n } },
    }));
    const { states: parsed } = parseInputState(states);
    expect(parsed.names).to.deep.equal(['t']);
    expect(parsed.namespacesOf('t')).to.deep.equal(['a', 'b', '']);
    for (const [namespace, n] of [
      ['a', 3],
      ['b', 1],
    ] as const) {
      expect(parsed.get({ name: 't', namespace })).to.deep.equal({ n });
    }
    expect(parsed.get({ name: 't' })).to.deep.equal({ n: 2 });
    expect(parsed.get({ name: 't', namespace: 'c' })).to.equal(undefined);
    expect(parsed.has({ name: 't', namespace: 'c' })).to.equal(false);
  });

  for (const namespace of [undefined, null, '']) {
    it(`takes ${JSON.stringify({ namespace })} for no namespace`, () => {
      const descriptor = { name: 't', namespace };
      const { states } = parseInputState({ stream_descriptor: descriptor, stream_state: state });
      expect(states.get({ name: 't' })).to.deep.equal(state);
      expect(states.get({ name: 't', namespace: '' })).to.deep.equal(state);
    });
  }

  it('keeps a state that is null or missing as it is', () => {
    const parsed = parseInputState([
      { type: 'STREAM', stream: entryOf('a', null) },
      { type: 'STREAM', stream: { stream_descriptor: { name: 'b' } } },
    ]);
    expect(listStates(parsed)).to.deep.equal([
      ['a', null],
      ['b', undefined],
    ]);
  });

  it('ignores and counts LEGACY entries', () => {
    const { states, ignoredLegacyEntries } = parseInputState([
      { type: 'LEGACY', data: { orders: {} } },
      message,
      { data: { orders: {} } },
    ]);
    expect(states.names).to.deep.equal(['orders']);
    expect(ignoredLegacyEntries).to.equal(2);
  });

  const invalid: readonly (readonly [string, unknown, RegExp])[] = [
    [
      'a GLOBAL state with a shared part',
      [{ type: 'GLOBAL', global: { shared_state: { lsn: 1 }, stream_states: [stream] } }],
      /entry 1 is a GLOBAL state with a shared part/,
    ],
    ['a GLOBAL state without content', [{ type: 'GLOBAL' }], /entry 1 has no stream/],
    [
      'a GLOBAL state with a nameless stream',
      { global: { stream_states: [stream, {}] } },
      /stream_states\[1\] has no stream.stream_descriptor.name/,
    ],
    ['text', 'state', /it is not an object/],
    ['a number', 5, /it is not an object/],
    ['a list of text', [message, 'state'], /entry 2 is not an object/],
    ['a list of lists', [[]], /entry 1 is not an object/],
    ['an entry without a stream', [{ type: 'STREAM' }], /no stream.stream_descriptor.name/],
    ['an entry without a descriptor', [{ stream: {} }], /no stream.stream_descriptor.name/],
    ['a nameless one', [{ stream: { stream_descriptor: {} } }], /no stream.stream_descriptor.name/],
    [
      'one with an empty name',
      [{ stream: { stream_descriptor: { name: '' } } }],
      /no stream.stream_descriptor.name/,
    ],
    [
      'one whose namespace is a number',
      [{ stream: { stream_descriptor: { name: 'a', namespace: 5 } } }],
      /entry 1 has a stream.stream_descriptor.namespace that is not text/,
    ],
    ['an unknown object', { orders: { scan: {} } }, /no stream.stream_descriptor.name/],
    ['a STATE message without a state', [{ type: 'STATE' }], /no stream.stream_descriptor.name/],
    [
      'two wrappers at once',
      { state: [message], value: [message] },
      /has both "state" and "value"/,
    ],
    ['an unknown object in a wrapper', { state: [{ a: 1 }] }, /"state", entry 1 has no stream/],
    ['the state of a stream alone', { scan_complete: true }, /state of a stream without its name/],
    ["Singer's bookmarks", { value: { bookmarks: {} } }, /"value" contains Singer bookmarks/],
    ['a config', { region: 'a', credentials: {} }, /it is a config/],
    ['a catalog', { streams: [] }, /it is a catalog/],
    [
      'messages without a state',
      [{ type: 'CATALOG', catalog: {} }, { type: 'LOG' }],
      /messages, but none of type STATE/,
    ],
  ];
  for (const [name, input, expected] of invalid) {
    it(`refuses ${name}`, () => {
      expect(() => parseInputState(input)).to.throw(ConfigError, expected);
    });
  }
});
