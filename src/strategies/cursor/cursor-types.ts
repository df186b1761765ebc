import { sampleItems } from '../../aws/dynamodb/sample-items.ts';
import type { RawItem } from '../../aws/dynamodb/attribute-value.ts';
import { ConfigError } from '../../errors.ts';
import { formatNumberOf } from '../../text/figures.ts';
import { isJsonObject } from '../../json/json-object.ts';
import type { SeenValues } from '../../values/seen-values.ts';
import { scanPatience } from '../scan/scan-patience.ts';
import type { Notice } from '../read-plan.ts';
import type { ReadResources } from '../read-resources.ts';
import type { CursorPlan } from './cursor-plan.ts';
import { quotePath } from './cursor-path.ts';

// Enough to tell whether a writer has changed the type, for a few read units.
const SAMPLE_ITEMS = 20;

/** How many of some items have a cursor of each type. */
export type SampledTypes = Readonly<Record<string, number>>;

/**
 * The types of the cursor in a few items, whatever its value: the filter of a saved cursor finds no value of another
 * type, however new. None where there is no filter.
 *
 * @throws what `sampleItems` throws.
 */
export async function sampleTypes(
  { cursor, watch }: CursorPlan,
  resources: ReadResources,
  signal: AbortSignal,
): Promise<SampledTypes> {
  if (cursor.previous === undefined || wasStopped(signal)) return {};
  const options = { size: SAMPLE_ITEMS, mostPages: 1, patience: scanPatience(resources, signal) };
  try {
    const { items } = await sampleItems(resources.connection, cursor.allItems, options);
    return countTypes(items, watch.path);
  } catch (error) {
    // A read that is told to stop ends without an error.
    if (wasStopped(signal)) return {};
    throw error;
  }
}

/**
 * Warns when a writer may have gone over to another type.
 *
 * @throws ConfigError when nothing was found, and all that was sampled is of the other type.
 */
export function judgeTypes(
  { cursor }: CursorPlan,
  { counts }: SeenValues,
  sampled: SampledTypes,
): readonly Notice[] {
  const { previous, stream, field } = cursor;
  if (previous === undefined) return [];
  const other = previous.type === 'S' ? 'N' : 'S';
  const isFound = (counts[previous.type] ?? 0) > 0 || (sampled[previous.type] ?? 0) > 0;
  const others = sampled[other] ?? 0;
  if (others === 0) return [];
  if (isFound) {
    const message = `${stream}: ${formatNumberOf(others, 'item')} of a small sample ${others === 1 ? 'has' : 'have'} ${quotePath(field)} of the type ${other}, which the saved cursor of the type ${previous.type} never finds. If the type has changed, clear the stream to read all of it.`;
    return [{ level: 'warn', message }];
  }
  throw new ConfigError(
    `The saved cursor of the stream ${stream} is of the type ${previous.type}, but ${quotePath(field)} is of the type ${other} in its items, so new items are never found. Clear the stream to read all of it and to save a cursor of the new type.`,
  );
}

function wasStopped({ aborted }: AbortSignal): boolean {
  return aborted;
}

function countTypes(items: readonly RawItem[], path: readonly string[]): SampledTypes {
  const counts: Record<string, number> = {};
  for (const item of items) {
    const type = findType(item, path);
    if (type !== undefined) counts[type] = (counts[type] ?? 0) + 1;
  }
  return counts;
}

/** The type of the value at a path of an item or map; undefined where it has none. */
function findType(members: RawItem, [name = '', ...inside]: readonly string[]): string | undefined {
  const value = Object.hasOwn(members, name) ? members[name] : undefined;
  const [[type, content] = ['', undefined]] = Object.entries(value ?? {});
  if (inside.length === 0) return value && type;
  return type === 'M' && isJsonObject(content) ? findType(content as RawItem, inside) : undefined;
}
