import { largerValue } from './compare-values.ts';

/** The one attribute whose values are counted and of which the largest is reported. */
export interface WatchedAttribute {
  /** Its name, and the names of the maps' members that lead from there to the value. */
  readonly path: readonly string[];
  /** Whether the attribute was asked for only to be watched, so that no record has it. */
  readonly isHidden: boolean;
}

/** What the items of a page, or of several, have of the one attribute that is watched. */
export interface SeenValues {
  readonly items: number;
  /** How many of the items have it, by DynamoDB's name of the type. */
  readonly counts: Readonly<Record<string, number>>;
  /** The largest text and the largest number, as DynamoDB orders them. */
  readonly largest: { readonly S?: string; readonly N?: string };
}

/** Of no items. */
export const NOTHING_SEEN: SeenValues = { items: 0, counts: {}, largest: {} };

/** What the items of both have together. */
export function addSeen(a: SeenValues, b: SeenValues): SeenValues {
  const counts: Record<string, number> = { ...a.counts };
  for (const [type, count] of Object.entries(b.counts)) counts[type] = (counts[type] ?? 0) + count;
  const S = largerValue('S', a.largest.S, b.largest.S);
  const N = largerValue('N', a.largest.N, b.largest.N);
  return {
    items: a.items + b.items,
    counts,
    largest: { ...(S !== undefined && { S }), ...(N !== undefined && { N }) },
  };
}
