import { parseJson } from '../../json/parse-json.ts';
import type { RawItem } from './attribute-value.ts';
import type { ScanPage } from './scan-page.ts';

/** The items of a page, parsed: for the few that are looked at, not for those that become records. */
export function parseItems({ buffer, itemsStart, itemsEnd }: ScanPage): readonly RawItem[] {
  return parseJson(buffer.body.toString('utf8', itemsStart, itemsEnd + 1)) as readonly RawItem[];
}
