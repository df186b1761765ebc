import { formatCount, formatNumberOf } from '../../text/figures.ts';
import type { SeenValues } from '../../values/seen-values.ts';
import type { Notice } from '../read-plan.ts';
import type { AdvancedCursor } from './advance-cursor.ts';
import type { CursorRead } from './cursor-plan.ts';
import { quotePath } from './cursor-path.ts';
import type { CursorValue } from './cursor-value.ts';

/** Warns of items that a read of all of them brought and that no filter for a cursor will ever match. */
export function warnOfInvisible(
  { stream, field }: Pick<CursorRead, 'stream' | 'field'>,
  { items, counts }: SeenValues,
  cursor: CursorValue | undefined,
): readonly Notice[] {
  const invisible = items - (counts[cursor?.type ?? ''] ?? 0);
  if (invisible === 0) return [];
  const path = quotePath(field);
  const kinds = describeKinds({ items, counts }, cursor);
  const message =
    cursor === undefined
      ? `${stream}: no item has text or a number in ${path} (${kinds}), so every sync reads the whole table. Choose another cursor field.`
      : `${stream}: ${formatNumberOf(invisible, 'item')} cannot be found by the cursor ${path}, whose type is ${cursor.type}: ${kinds}. This sync has read them, but later syncs will miss changes to them. Give every item such a value, or choose another cursor field.`;
  return [{ level: 'warn', message }];
}

/** `3 without it, 2 NULL, 1 N` */
function describeKinds(
  { items, counts }: Pick<SeenValues, 'items' | 'counts'>,
  cursor: CursorValue | undefined,
): string {
  const missing = Object.values(counts).reduce((left, count) => left - count, items);
  const others = Object.entries(counts)
    .filter(([type]) => type !== cursor?.type)
    .sort(([a, some], [b, more]) => more - some || (a < b ? -1 : 1));
  return [
    ...(missing > 0 ? [`${formatCount(missing)} without it`] : []),
    ...others.map(([type, count]) => `${formatCount(count)} ${type}`),
  ].join(', ');
}

/** What is to be known of the values that a cursor goes by. */
export function describeCursor(
  {
    stream,
    field,
    previous,
    overlap,
  }: Pick<CursorRead, 'stream' | 'field' | 'previous' | 'overlap'>,
  { kind, value }: AdvancedCursor,
): readonly Notice[] {
  const path = quotePath(field);
  if (kind === 'wall clock') {
    return [
      {
        level: 'info',
        message: `${stream}: the times in ${path} are not in UTC, so the cursor stays another 26 hours behind the start of the read, and the items of those hours are read again.`,
      },
    ];
  }
  if (kind === 'time' || (value.type === 'N' && overlap !== undefined)) return [];
  const remedy =
    value.type === 'N'
      ? ' Set "cursor_overlap" in "table_options" to how far below it such a value may be.'
      : '';
  return [
    {
      level: previous === undefined ? 'warn' : 'info',
      message: `${stream}: ${path} is not a time, so the next sync misses an item that changed during this read if its new value is below the cursor.${remedy}`,
    },
  ];
}
