import type { Logger } from '../../../src/protocol/logger.ts';

/** A logger that keeps its lines, each after its level. */
export function gatherLog(): Logger & { readonly lines: string[] } {
  const lines: string[] = [];
  return {
    lines,
    debug: (message) => void lines.push(`DEBUG ${message}`),
    info: (message) => void lines.push(`INFO ${message}`),
    warn: (message) => void lines.push(`WARN ${message}`),
  };
}
