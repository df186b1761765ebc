import { ConfigError } from '../errors.ts';
import { parseDecimal } from '../values/decimal.ts';
import type { FilterConfig, ReadLimit, ScanConfig, ScanSlice, TableScan } from './config.ts';
import { parseExpressionNames, parseExpressionValues } from './expression-json.ts';
import { parseTablePattern } from './table-pattern.ts';

/**
 * The `scan` of a config that is valid against spec.json and has its defaults; an entry of `table_options` has none.
 */
export interface RawScan {
  readonly segments: number;
  readonly page_size?: number;
  readonly consistent_read: boolean;
  readonly compress_responses: boolean;
  readonly max_read_capacity_units?: number;
  readonly read_capacity_percent?: number;
  readonly slice?: { readonly index?: number; readonly count?: number };
}

/** An entry of `table_options`. */
export interface RawTableOptions extends Partial<Omit<RawScan, 'slice'>> {
  /** Missing only if a form or a template left the whole entry blank. */
  readonly table?: string;
  readonly filter_expression?: string;
  readonly expression_attribute_names?: string;
  readonly expression_attribute_values?: string;
  readonly projection?: readonly string[];
  readonly index_name?: string;
  readonly export_manifest?: string;
  readonly cursor_overlap?: string;
}

/**
 * Parses how tables that no entry of `table_options` matches are scanned.
 *
 * @throws ConfigError for a slice that has no segments.
 */
export function parseScan(raw: RawScan, path = 'scan'): ScanConfig {
  const slice = parseSlice(raw.slice ?? {});
  const scan = {
    segments: raw.segments,
    consistentRead: raw.consistent_read,
    insistsOnConsistentRead: false,
    compressResponses: raw.compress_responses,
    readLimit: parseReadLimit(raw),
    ...(raw.page_size !== undefined && { pageSize: raw.page_size }),
    ...(slice !== undefined && { slice }),
  };
  rejectUnsharedSegments(scan, `${path}.segments`);
  return scan;
}

/**
 * Parses how the tables of `table_options` are scanned; what an entry leaves out is taken from `scan`.
 *
 * @throws ConfigError that names the entry.
 */
export function parseTableScans(
  entries: readonly RawTableOptions[],
  common: RawScan,
  region: string,
): readonly TableScan[] {
  return entries.flatMap((entry, index) => {
    if (entry.table === undefined) return [];
    const path = `table_options.${index}`;
    const scan = parseTableScan(entry, common, path);
    const { text, matches } = parseTablePattern(entry.table, `${path}.table`, region);
    return [{ pattern: text, matches, scan }];
  });
}

function parseTableScan(entry: RawTableOptions, common: RawScan, path: string): ScanConfig {
  const filter = parseFilter(entry, path);
  const { projection = [], index_name: indexName, export_manifest: exportManifest } = entry;
  const cursorOverlap = parseOverlap(entry.cursor_overlap, `${path}.cursor_overlap`);
  const readLimit = parseReadLimit(entry);
  return {
    ...parseScan({ ...common, ...entry }, path),
    // A budget for the table replaces the common one, however either is expressed.
    ...(Object.keys(readLimit).length > 0 && { readLimit }),
    insistsOnConsistentRead: entry.consistent_read === true,
    ...(filter !== undefined && { filter }),
    ...(projection.length > 0 && { projection: [...new Set(projection)] }),
    ...(indexName !== undefined && { indexName }),
    ...(exportManifest !== undefined && { exportManifest }),
    ...(cursorOverlap !== undefined && { cursorOverlap }),
  };
}

function parseOverlap(text: string | undefined, path: string): string | undefined {
  if (text === undefined || (parseDecimal(text)?.sign ?? -1) >= 0) return text;
  throw new ConfigError(`"${path}" must be a number of at least 0 in quotes, like "1000".`);
}

function parseReadLimit(raw: Partial<RawScan>): ReadLimit {
  const { max_read_capacity_units: units, read_capacity_percent: percent } = raw;
  return {
    ...(units !== undefined && { maxReadCapacityUnits: units }),
    ...(percent !== undefined && { readCapacityPercent: percent }),
  };
}

/** Parses a slice. A form may send the object without its members, which means that there is no slice. */
function parseSlice({ index, count }: NonNullable<RawScan['slice']>): ScanSlice | undefined {
  if (index === undefined && count === undefined) return undefined;
  if (index === undefined || count === undefined) {
    throw new ConfigError('"scan.slice" needs both "index" and "count", or neither.');
  }
  if (index < count) return { index, count };
  throw new ConfigError(
    `"scan.slice.index" is ${index}, but slices are numbered from 0 to "scan.slice.count" - 1, which is ${count - 1}.`,
  );
}

/** Rejects segments that slices cannot share: all slices must have the same segments, and each at least one of them. */
function rejectUnsharedSegments(
  { segments, slice }: { readonly segments: number; readonly slice?: ScanSlice },
  path: string,
): void {
  if (slice === undefined || segments >= slice.count) return;
  const reason =
    segments === 0
      ? 'is 0 (by size), but every slice must divide the table into the same segments'
      : `is ${segments}, so some of the ${slice.count} slices would get none`;
  throw new ConfigError(
    `"${path}" ${reason}. Set it to a multiple of "scan.slice.count", the same for all slices.`,
  );
}

function parseFilter(entry: RawTableOptions, path: string): FilterConfig | undefined {
  const { expression_attribute_names: names, expression_attribute_values: values } = entry;
  if (entry.filter_expression === undefined) {
    if (names === undefined && values === undefined) return undefined;
    throw new ConfigError(
      `"${path}" has ${names === undefined ? '"expression_attribute_values"' : '"expression_attribute_names"'} but no "filter_expression" that uses it. Add one, or remove it.`,
    );
  }
  return {
    expression: entry.filter_expression,
    names: parseExpressionNames(names, `${path}.expression_attribute_names`),
    values: parseExpressionValues(values, `${path}.expression_attribute_values`),
  };
}
