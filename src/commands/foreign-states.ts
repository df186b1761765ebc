import type { ConfiguredStream } from '../protocol/configured-catalog.ts';
import type { StreamStates } from '../protocol/stream-states.ts';
import { listSome, quoteName } from '../text/quote-names.ts';

const MOST_NAMED = 5;

/** Returns a sentence for each stream that is read from its beginning although a state may have been meant for it. */
export function describeForeignStates(
  states: StreamStates,
  streams: readonly ConfiguredStream[],
): readonly string[] {
  const { names } = states;
  // States of deselected streams are common, but a file that has nothing else is hardly the right one.
  if (names.length > 0 && !streams.some(({ descriptor }) => names.includes(descriptor.name))) {
    return [
      `The state has no entry for any configured stream, only for ${listSome(names.map(quoteName), MOST_NAMED)}. Every stream is read from its beginning.`,
    ];
  }
  return streams.flatMap(({ descriptor }) => {
    const { name, namespace } = descriptor;
    const others = states.namespacesOf(name).map(describeNamespace);
    if (others.length === 0 || states.has(descriptor)) return [];
    return [
      `${name}: the state has the stream in ${listSome(others, MOST_NAMED)}, but the configured catalog has it in ${describeNamespace(namespace)}; it is read from its beginning. To continue from the state, give both the same namespace.`,
    ];
  });
}

function describeNamespace(namespace = ''): string {
  return namespace === '' ? 'no namespace' : `the namespace ${quoteName(namespace)}`;
}
