import { parseJson } from '../../json/parse-json.ts';
import type { RawItem } from './attribute-value.ts';
import type { ScanPage } from './scan-page.ts';

/** Parses the items of a page: for the few that are examined, not for those that become records. */
export function parseItems({ buffer, itemsStart, itemsEnd }: ScanPage): readonly RawItem[] {
  return parseJson(buffer.body.toString('utf8', itemsStart, itemsEnd + 1)) as readonly RawItem[];
}
