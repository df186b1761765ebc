const cleanups = new Set<() => void>();
const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
let installed = false;

/**
 * Runs a synchronous cleanup when this process ends, also when a signal ends it (SIGKILL excepted).
 * Returns a function that takes the cleanup off the list again.
 */
export function atExit(cleanup: () => void): () => void {
  install();
  cleanups.add(cleanup);
  return () => {
    cleanups.delete(cleanup);
  };
}

function install(): void {
  if (installed) return;
  installed = true;
  process.once('exit', runCleanups);
  for (const signal of SIGNALS) {
    process.once(signal, () => {
      // Others who listen (mocha, the demo) end the process themselves, and 'exit' cleans up then.
      if (process.listenerCount(signal) > 0) return;
      runCleanups();
      process.kill(process.pid, signal);
    });
  }
}

function runCleanups(): void {
  for (const cleanup of cleanups) {
    cleanups.delete(cleanup);
    cleanup();
  }
}
