import { setMaxListeners } from 'node:events';

/** Ends a piece of work. */
export interface Stop {
  /** Aborted by `abort`, and when a signal is that the stop follows. */
  readonly signal: AbortSignal;
  readonly abort: () => void;
}

/** A stop that also follows another signal. Any number of requests may listen to it. */
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
