import { ConfigError } from '../errors.ts';
import { isJsonObject, type JsonObject } from '../json/json-object.ts';

/** States that an earlier read wrote, by stream name. */
export interface InputState {
  readonly byStream: ReadonlyMap<string, unknown>;
  /** How many entries of the LEGACY type were ignored. */
  readonly ignoredLegacyEntries: number;
}

/**
 * Reads a state file: an array of state messages, as the platform writes it, or one message, each with or without the
 * `{"type":"STATE","state":…}` around it. Null, `{}`, `[]` and undefined are no state; of two entries for a stream the
 * last counts.
 *
 * @throws ConfigError for a GLOBAL state, or what is no state at all.
 */
export function parseInputState(input: unknown): InputState {
  const byStream = new Map<string, unknown>();
  let ignoredLegacyEntries = 0;
  for (const entry of listEntries(input).map(unwrap)) {
    if (Object.keys(entry).length === 0) continue;
    if (entry.type === 'GLOBAL') throw rejectState('it is a GLOBAL state');
    if (entry.type === 'LEGACY' || (!isJsonObject(entry.stream) && 'data' in entry)) {
      ignoredLegacyEntries++;
      continue;
    }
    const [name, state] = readStreamEntry(entry);
    byStream.set(name, state);
  }
  return { byStream, ignoredLegacyEntries };
}

function listEntries(input: unknown): readonly unknown[] {
  if (input === undefined || input === null) return [];
  return Array.isArray(input) ? (input as readonly unknown[]) : [input];
}

function unwrap(entry: unknown): JsonObject {
  if (entry === null) return {};
  if (!isJsonObject(entry)) throw rejectState('an entry is no object');
  return isJsonObject(entry.state) ? entry.state : entry;
}

function readStreamEntry(entry: JsonObject): [string, unknown] {
  const stream = entry.stream;
  const descriptor = isJsonObject(stream) ? stream.stream_descriptor : undefined;
  const name = isJsonObject(descriptor) ? descriptor.name : undefined;
  if (!isJsonObject(stream) || typeof name !== 'string') {
    throw rejectState('an entry has no stream.stream_descriptor.name');
  }
  return [name, stream.stream_state];
}

function rejectState(reason: string): ConfigError {
  return new ConfigError(
    `The state cannot be read: ${reason}. This source writes one STREAM state a table. Give back a state that it wrote, or clear the connection's state to read everything anew.`,
  );
}
