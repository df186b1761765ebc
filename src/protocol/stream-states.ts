import type { StreamDescriptor } from './messages.ts';

/** States of streams. A stream is identified by name and namespace; a null, empty or absent namespace is the same. */
export class StreamStates {
  readonly #byName = new Map<string, Map<string, unknown>>();

  /** Saves a state in place of an earlier one. */
  set({ name, namespace }: SavedDescriptor, state: unknown): void {
    const byNamespace = this.#byName.get(name) ?? new Map<string, unknown>();
    this.#byName.set(name, byNamespace.set(namespace ?? '', state));
  }

  has({ name, namespace }: StreamDescriptor): boolean {
    return this.#byName.get(name)?.has(namespace ?? '') === true;
  }

  /** The state of a stream; undefined if there is none. */
  get({ name, namespace }: StreamDescriptor): unknown {
    return this.#byName.get(name)?.get(namespace ?? '');
  }

  /** The names of the streams that have states, whatever their namespaces. */
  get names(): readonly string[] {
    return [...this.#byName.keys()];
  }

  /** The namespaces of the streams with this name that have states; an empty one means no namespace. */
  namespacesOf(name: string): readonly string[] {
    return [...(this.#byName.get(name)?.keys() ?? [])];
  }
}

/** A stream as states name it. */
export interface SavedDescriptor {
  readonly name: string;
  readonly namespace?: string | null | undefined;
}
