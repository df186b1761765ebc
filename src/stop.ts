import { setMaxListeners } from 'node:events';

/** Stops a piece of work. */
export interface Stop {
  /** Aborted by `abort`, or by a signal that the stop follows. */
  readonly signal: AbortSignal;
  readonly abort: () => void;
}

/** Creates a stop that may also follow another signal. Any number of requests can listen to it. */
export function createStop(followed?: AbortSignal): Stop {
  const own = new AbortController();
  const signal = followed === undefined ? own.signal : AbortSignal.any([followed, own.signal]);
  setMaxListeners(0, signal);
  return {
    signal,
    abort: () => {
      own.abort();
    },
  };
}
