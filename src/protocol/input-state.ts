import { ConfigError } from '../errors.ts';
import { isJsonObject, type JsonObject } from '../json/json-object.ts';
import { readStateEntry, toProtocolNames } from './state-entry.ts';
import { StreamStates } from './stream-states.ts';

/** States that an earlier read wrote. */
export interface InputState {
  readonly states: StreamStates;
  /** How many entries of the LEGACY type were ignored. */
  readonly ignoredLegacyEntries: number;
}

/**
 * Reads a state that is one value: an array of state messages, as the platform writes it, or one message, each with or
 * without the `{"type":"STATE","state":…}` around it. Null, `{}`, `[]` and undefined are no state.
 *
 * @throws ConfigError for a GLOBAL state with a shared part, or for anything that is not a state.
 */
export function parseInputState(input: unknown): InputState {
  const reader = new InputStateReader();
  reader.add(input, '');
  return reader.finish();
}

/** Gathers the states of a file, value by value; if a stream has several, the last one counts. */
export class InputStateReader {
  readonly #states = new StreamStates();
  #ignoredLegacyEntries = 0;
  #otherMessages = 0;
  #entries = 0;

  /** Whether any state was read. */
  get hasStates(): boolean {
    return this.#states.names.length > 0;
  }

  /** Whether nothing was read yet, neither states nor other messages. */
  get isUntouched(): boolean {
    return this.#entries + this.#otherMessages === 0;
  }

  /**
   * Reads the states in a value: a list of entries, or one. Messages of other types are ignored.
   *
   * @param place of the value, like `line 3`; empty for the whole file.
   * @returns whether it is more than a message of another type.
   * @throws ConfigError for what is neither.
   */
  add(value: unknown, place: string): boolean {
    const otherMessages = this.#otherMessages;
    this.#readAll(value, place);
    return this.#otherMessages === otherMessages;
  }

  /** Notes a message of another type that was not parsed. */
  passOver(): void {
    this.#otherMessages++;
  }

  /**
   * @throws ConfigError when there were other messages and no state, as in the output of a read that failed at once.
   */
  finish(): InputState {
    if (this.#otherMessages > 0 && this.#entries === 0) {
      throw new ConfigError(
        'The state holds messages, but none of type STATE. Pass the output of a read that wrote one, or leave out --state to read every stream from its beginning.',
      );
    }
    return { states: this.#states, ignoredLegacyEntries: this.#ignoredLegacyEntries };
  }

  #readAll(value: unknown, place: string): void {
    if (!Array.isArray(value)) this.#read(value ?? {}, place);
    else {
      for (const [index, entry] of value.entries()) {
        this.#read(entry ?? {}, within(place, `entry ${index + 1}`));
      }
    }
  }

  #read(value: unknown, place: string): void {
    if (!isJsonObject(value)) throw createEntryError(place, 'is not an object');
    const entry = readStateEntry(value);
    if (entry.kind === 'other message') this.#otherMessages++;
    else if (entry.kind !== 'wrapped') this.#entries++;
    switch (entry.kind) {
      case 'nothing':
      case 'other message':
        return;
      case 'legacy':
        this.#ignoredLegacyEntries++;
        return;
      case 'stream':
        this.#readStream(entry.stream, place);
        return;
      case 'global':
        this.#readGlobal(entry.global, place);
        return;
      case 'wrapped':
        this.#readAll(entry.inside, within(place, `"${entry.name}"`));
        return;
      case 'unknown':
        throw createEntryError(place, entry.reason);
    }
  }

  #readStream(stream: JsonObject, place: string): void {
    const { stream_descriptor: descriptor } = stream;
    const { name, namespace } = isJsonObject(descriptor) ? descriptor : {};
    if (typeof name !== 'string' || name === '') {
      throw createEntryError(place, 'has no stream.stream_descriptor.name');
    }
    if (typeof (namespace ?? '') !== 'string') {
      throw createEntryError(place, 'has a stream.stream_descriptor.namespace that is not text');
    }
    this.#states.set({ name, namespace: namespace as string | null }, stream.stream_state);
  }

  /** Without a shared part it is a list of the states of streams; some tools pass all states in this form. */
  #readGlobal(global: JsonObject, place: string): void {
    const { shared_state: shared, stream_states: states } = global;
    const isShared = isJsonObject(shared)
      ? Object.values(shared).some((member) => member !== null)
      : (shared ?? undefined) !== undefined;
    if (isShared) throw createEntryError(place, 'is a GLOBAL state with a shared part');
    if (!Array.isArray(states ?? [])) {
      throw createEntryError(place, 'is a GLOBAL state whose stream_states is not a list');
    }
    for (const [index, state] of ((states ?? []) as readonly unknown[]).entries()) {
      const inside = within(place, `stream_states[${index}]`);
      if (!isJsonObject(state)) throw createEntryError(inside, 'is not an object');
      this.#readStream(toProtocolNames(state), inside);
    }
  }
}

function within(place: string, step: string): string {
  return place === '' ? step : `${place}, ${step}`;
}

function createEntryError(place: string, reason: string): ConfigError {
  return new ConfigError(
    `The state cannot be read: ${place === '' ? 'it' : place} ${reason}. This source writes one STREAM state per table. Pass a state that it wrote, or clear the connection's state to read everything again.`,
  );
}
