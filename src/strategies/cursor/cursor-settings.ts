import {
  addLowerBound,
  addToProjection,
  type ScanTarget,
} from '../../aws/dynamodb/scan-expressions.ts';
import type { WatchedAttribute } from '../../values/seen-values.ts';
import type { ScanSettings } from '../scan/scan-settings.ts';
import { type CursorValue, toAttributeValue } from './cursor-value.ts';

/** What a scan by a cursor asks for beyond what the config says. */
export interface CursorScanInput {
  readonly settings: ScanSettings;
  readonly path: readonly string[];
  /** Attributes that the records have anyway; undefined for all. */
  readonly projected: readonly string[] | undefined;
  /** Items below it are left out; without it all are read. */
  readonly atLeast?: CursorValue;
}

/** How a table is scanned by a cursor. */
export interface CursorScan {
  readonly settings: ScanSettings;
  /** The same scan of all items, whatever their cursor. */
  readonly allItems: ScanTarget;
  readonly watch: WatchedAttribute;
}

/** Adds a cursor to a scan: what is fetched for its sake, and the filter for what is new. */
export function addCursor({ settings, path, projected, atLeast }: CursorScanInput): CursorScan {
  const [attribute = ''] = path;
  const isHidden = projected?.includes(attribute) === false;
  const allItems = isHidden ? addToProjection(settings.target, attribute) : settings.target;
  const target =
    atLeast === undefined
      ? allItems
      : addLowerBound(allItems, { path, value: toAttributeValue(atLeast) });
  return { settings: { ...settings, target }, allItems, watch: { path, isHidden } };
}
