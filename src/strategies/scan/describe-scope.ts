import type { ScanScope } from './scan-state.ts';

/** A share of a scan for people: `slice 0 of 2 of the table`, `the whole of the index by-status`. */
export function describeScope({ slice, index_name: indexName }: ScanScope): string {
  const share = slice === undefined ? 'the whole' : `slice ${slice.index} of ${slice.count}`;
  return `${share} of ${indexName === undefined ? 'the table' : `the index ${indexName}`}`;
}
