import { isShapeName, type ShapeName } from './shapes.ts';

/** What a replayed table's name says: `mixed-1000000`, or `tiny-1000-17` where many alike are wanted. */
export interface ReplayTable {
  readonly name: string;
  readonly shape: ShapeName;
  readonly items: number;
}

/** Names the table of `items` items of a shape; `copy` tells tables of equal shape and size apart. */
export function nameTable(shape: ShapeName, items: number, copy?: number): string {
  return `${shape}-${items}${copy === undefined ? '' : `-${copy}`}`;
}

/** Reads a table's name; undefined when there is no such table. */
export function parseTableName(name: string): ReplayTable | undefined {
  const match = /^([a-z]+)-(\d+)(?:-\d+)?$/.exec(name);
  const shape = match?.[1] ?? '';
  if (!isShapeName(shape)) return undefined;
  return { name, shape, items: Number(match?.[2]) };
}
