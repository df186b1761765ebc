import type { Logger } from '../protocol/logger.ts';
import type { UnlistedAttribute } from '../records/transcoder.ts';

// A warning of this many names can still be read.
const MOST_NAMED = 50;

/** Warns once of the attributes and of the types that the catalog does not list, with how many values came. */
export function reportUnlisted(
  stream: string,
  unlisted: readonly UnlistedAttribute[],
  isEmitted: boolean,
  logger: Logger,
): void {
  const attributes = unlisted.filter((attribute) => !attribute.isListed);
  if (attributes.length > 0) {
    logger.warn(
      `${stream}: ${attributes.length} attributes are not listed in the configured catalog and were ${isEmitted ? 'emitted all the same' : 'left out'}: ${describeAll(attributes)}. Refresh the source's schema to list them.`,
    );
  }
  const mistyped = unlisted.filter((attribute) => attribute.isListed);
  if (mistyped.length > 0) {
    logger.warn(
      `${stream}: ${mistyped.length} attributes came with types that the configured catalog does not list and were emitted as they are: ${describeAll(mistyped)}. Refresh the source's schema to list them.`,
    );
  }
}

function describeAll(attributes: readonly UnlistedAttribute[]): string {
  const named = attributes.slice(0, MOST_NAMED).map(({ name, valuesByType }) => {
    const counts = Object.entries(valuesByType).map(([type, count]) => `${type} ${count}`);
    return `${JSON.stringify(name)} (${counts.join(', ')})`;
  });
  const others = attributes.length - named.length;
  return named.join(', ') + (others > 0 ? ` and ${others} more` : '');
}
