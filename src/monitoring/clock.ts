/** Time, as monitoring sees it. */
export interface Clock {
  /** Milliseconds since an arbitrary moment; never goes back. */
  now(): number;
  /** Calls a task repeatedly, without keeping the process alive; returns a function that stops it. */
  every(intervalMs: number, task: () => void): () => void;
}

/** The clock of this machine. */
export const systemClock: Clock = {
  now: () => performance.now(),
  every: (intervalMs, task) => {
    const timer = setInterval(task, intervalMs);
    timer.unref();
    return () => {
      clearInterval(timer);
    };
  },
};
