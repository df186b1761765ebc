import { isJsonObject, type JsonObject } from '../json/json-object.ts';

/** What an entry of a state file is. */
export type StateEntry =
  | { readonly kind: 'nothing' | 'other message' | 'legacy' }
  | { readonly kind: 'stream'; readonly stream: JsonObject }
  | { readonly kind: 'global'; readonly global: JsonObject }
  /** A list of entries, or one, inside another object. */
  | { readonly kind: 'wrapped'; readonly name: string; readonly inside: unknown }
  /** `reason` is a phrase that follows the entry's place, like `has no stream.stream_descriptor.name`. */
  | { readonly kind: 'unknown'; readonly reason: string };

// How Airbyte's screens and API spell states.
const PROTOCOL_NAMES: Readonly<Record<string, string>> = {
  streamDescriptor: 'stream_descriptor',
  streamState: 'stream_state',
  streamStates: 'stream_states',
  sharedState: 'shared_state',
  globalState: 'global',
  stateType: 'type',
};
// Messages of the protocol, and of Singer, since some tools turn this source into a Singer tap.
const OTHER_MESSAGES = [
  ...['RECORD', 'LOG', 'TRACE', 'SPEC', 'CATALOG', 'CONNECTION_STATUS', 'CONTROL'],
  ...['SCHEMA', 'ACTIVATE_VERSION', 'BATCH'],
];
/** Members that the protocol, the API and tools put states into. */
const WRAPPERS = ['state', 'data', 'value', 'singer_state'];
const STREAM_STATE_MEMBERS = ['scan', 'scan_complete', 'cursor', 'cursor_field'];
const NAMELESS = 'has no stream.stream_descriptor.name';

/** Renames an object's members to the protocol's names. */
export function toProtocolNames(object: JsonObject): JsonObject {
  return Object.fromEntries(
    Object.entries(object).map(([name, value]) => [PROTOCOL_NAMES[name] ?? name, value]),
  );
}

/** Says what an entry of a state file is. Nulls mean the same as absence. */
export function readStateEntry(object: JsonObject): StateEntry {
  const entry = toProtocolNames(object);
  const { stream, global, stream_state: states } = entry;
  const type = typeof entry.type === 'string' ? entry.type.toUpperCase() : undefined;
  if (Object.values(entry).every((value) => value === null) || type === 'NOT_SET') {
    return { kind: 'nothing' };
  }
  if (type !== undefined && OTHER_MESSAGES.includes(type)) return { kind: 'other message' };
  if (isJsonObject(global)) return { kind: 'global', global: toProtocolNames(global) };
  if (isJsonObject(stream)) return { kind: 'stream', stream: toProtocolNames(stream) };
  if (isJsonObject(entry.stream_descriptor)) return { kind: 'stream', stream: entry };
  if (Array.isArray(states)) return { kind: 'wrapped', name: 'stream_state', inside: states };
  if (type === 'LEGACY') return { kind: 'legacy' };
  if (type === 'STREAM') return { kind: 'unknown', reason: NAMELESS };
  return readWrapper(entry) ?? { kind: 'unknown', reason: describeUnknown(entry) };
}

function readWrapper(entry: JsonObject): StateEntry | undefined {
  const [name, ...others] = WRAPPERS.filter((member) => (entry[member] ?? undefined) !== undefined);
  if (name === undefined) return undefined;
  if (others.length > 0) {
    return { kind: 'unknown', reason: `has both "${name}" and "${others.join('", "')}"` };
  }
  const inside = entry[name];
  // What a legacy state contains is up to each source.
  return name === 'data' && !isOfStates(inside)
    ? { kind: 'legacy' }
    : { kind: 'wrapped', name, inside };
}

function isOfStates(value: unknown): boolean {
  if (Array.isArray(value)) return true;
  if (!isJsonObject(value)) return false;
  const { kind } = readStateEntry(value);
  return kind !== 'unknown' && kind !== 'legacy' && kind !== 'nothing';
}

function describeUnknown(entry: JsonObject): string {
  if (isJsonObject(entry.credentials)) return 'is a config, which must be passed with --config';
  if (Array.isArray(entry.streams)) return 'is a catalog, which must be passed with --catalog';
  if ('bookmarks' in entry) return 'contains Singer bookmarks, which other sources write';
  if (STREAM_STATE_MEMBERS.some((member) => member in entry)) {
    return 'is the state of a stream without its name (put {"type":"STREAM","stream":{"stream_descriptor":{"name":"TABLE"},"stream_state":…}} around it)';
  }
  return NAMELESS;
}
