import type { Stop } from '../../../stop.ts';
import type { ChangeSource } from './change-source.ts';

/** Aborts a stop after a while, unless it is aborted before. Resolves when either has happened. */
export function sleepThen(
  source: ChangeSource,
  ms: number,
  { signal, abort }: Stop,
): Promise<void> {
  return source.sleep(ms, signal).then(abort, (error: unknown) => {
    if (!signal.aborted) throw error;
  });
}
