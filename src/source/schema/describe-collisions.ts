import { formatCount } from '../../text/figures.ts';
import { quoteName } from '../../text/quote-names.ts';
import type { NameCollisions } from './folded-names.ts';

// A warning with this many names is still readable.
const MOST_NAMED = 20;

/** Names that collide: `"_airbyte_meta" = an Airbyte column, "Status" = "status"`; undefined when none do. */
export function describeCollisions({ groups, reserved }: NameCollisions): string | undefined {
  const described = reserved
    .slice(0, MOST_NAMED)
    .map((name) => `${quoteName(name)} = an Airbyte column`);
  let named = described.length;
  for (const group of groups) {
    if (named >= MOST_NAMED) break;
    // A single name of a group would say nothing.
    const shown = group.slice(0, Math.max(2, MOST_NAMED - named));
    described.push(shown.map(quoteName).join(' = '));
    named += shown.length;
  }
  if (named === 0) return undefined;
  const others = reserved.length + groups.flat().length - named;
  return described.join(', ') + (others > 0 ? ` and ${formatCount(others)} more` : '');
}
