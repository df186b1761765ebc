import type { RawAttributeValue, RawItem } from '../../aws/dynamodb/attribute-value.ts';
import type { RecordConfig } from '../../config/config.ts';
import { isWideNumber } from './number-range.ts';

/**
 * Finds the top-level attributes, by name, that contain numbers of more than 15 digits or beyond 64 bits, also inside
 * maps, lists and sets; none if records contain such numbers as text.
 */
export function findWideNumbers(
  items: readonly RawItem[],
  keys: readonly string[],
  config: RecordConfig,
): readonly string[] {
  if (config.numberValues === 'string') return [];
  const isNestedText = config.nestedValues === 'string';
  const isOthersText = isNestedText && config.format === 'packed';
  const found = new Set<string>();
  for (const item of items) {
    for (const [name, value] of Object.entries(item)) {
      if (found.has(name) || (isOthersText && !keys.includes(name))) continue;
      if (holdsWideNumber(value, isNestedText)) found.add(name);
    }
  }
  return [...found].sort();
}

function holdsWideNumber(value: RawAttributeValue, isNestedText: boolean): boolean {
  return Object.entries(value).some(([type, content]) => {
    if (type === 'N') return isWideNumber(String(content));
    if (isNestedText) return false;
    if (type === 'NS') return (content as readonly string[]).some(isWideNumber);
    if (type !== 'L' && type !== 'M') return false;
    const members = Object.values(content as Readonly<Record<string, RawAttributeValue>>);
    return members.some((member) => holdsWideNumber(member, false));
  });
}
