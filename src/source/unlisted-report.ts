import { formatCount, formatNumberOf } from '../text/figures.ts';
import { listSome, quoteName } from '../text/quote-names.ts';
import type { Logger } from '../protocol/logger.ts';
import type { Unlisted, UnlistedAttribute } from '../records/transcoder.ts';

// A warning with this many names is still readable.
const MOST_NAMED = 50;

/**
 * Warns once about the attributes, and once about the types, that the catalog does not list, and counts their values.
 * The names with the most values come first.
 */
export function reportUnlisted(
  stream: string,
  { attributes: all, unnamedValues }: Unlisted,
  isEmitted: boolean,
  logger: Logger,
): void {
  const attributes = all.filter(({ name, isListed }) => !isListed && !isOfReplication(name));
  const descriptions = [
    ...(attributes.length > 0 ? [describeAll(attributes)] : []),
    ...(unnamedValues > 0 ? [describeUnnamed(unnamedValues)] : []),
  ];
  if (descriptions.length > 0) {
    logger.warn(
      `${stream}: ${countAttributes(attributes, unnamedValues)} not in the configured catalog and ${choose(attributes, 'was', 'were')} ${isEmitted ? 'emitted anyway' : 'left out'}: ${descriptions.join(', and ')}. To have ${choose(attributes, 'it', 'them')} in the catalog, refresh the source's schema.`,
    );
  }
  const mistyped = all.filter((attribute) => attribute.isListed);
  if (mistyped.length > 0) {
    logger.warn(
      `${stream}: ${formatNumberOf(mistyped.length, 'attribute')} ${choose(mistyped, 'has', 'have')} values of types that the configured catalog does not list; they were emitted as they are: ${describeAll(mistyped)}. To have the types in the catalog, refresh the source's schema.`,
    );
  }
}

/** What DynamoDB keeps in the items of a global table for itself. */
function isOfReplication(name: string): boolean {
  return name.startsWith('aws:rep:');
}

/** `1 attribute is`, `more than 27,013 attributes are` */
function countAttributes(attributes: readonly UnlistedAttribute[], unnamedValues: number): string {
  if (attributes.length === 0) return 'attributes are';
  const isMore = unnamedValues > 0 ? 'more than ' : '';
  return `${isMore}${formatNumberOf(attributes.length, 'attribute')} ${choose(attributes, 'is', 'are')}`;
}

function describeUnnamed(values: number): string {
  return `${formatNumberOf(values, 'value')} of further attributes that there was no room to name`;
}

function choose(
  { length }: readonly UnlistedAttribute[],
  singular: string,
  plural: string,
): string {
  return length === 1 ? singular : plural;
}

/** `"age" (3 N, 1 S), "email" (2 S) and 4 more` */
function describeAll(attributes: readonly UnlistedAttribute[]): string {
  const sorted = [...attributes].sort((a, b) => countValues(b) - countValues(a));
  const described = sorted.map(({ name, valuesByType }) => {
    const counts = Object.entries(valuesByType).map(
      ([type, count]) => `${formatCount(count)} ${type}`,
    );
    return `${quoteName(name)} (${counts.join(', ')})`;
  });
  return listSome(described, MOST_NAMED);
}

function countValues({ valuesByType }: UnlistedAttribute): number {
  return Object.values(valuesByType).reduce((sum, count) => sum + count, 0);
}
