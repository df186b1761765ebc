import type { Notice } from './read-plan.ts';

/** Warns that nothing of a saved state is used: the user has chosen another replication method since. */
export function describeForeignState(stream: string): Notice {
  return {
    level: 'warn',
    message: `${stream}: its state was written by another replication method, so the table is read from its beginning.`,
  };
}
