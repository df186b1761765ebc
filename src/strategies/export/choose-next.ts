import { floorToSecond } from './export-time.ts';
import type { ExportWindow } from './export-windows.ts';

/**
 * Chooses the window that begins where everything is read. Of several it is the one from which those that lie there lead
 * on furthest without a hole; the longest of those that lead equally far.
 *
 * @param until everything before it is read; milliseconds since 1970.
 */
export function chooseNext<Window extends ExportWindow>(
  windows: readonly Window[],
  until: number,
): Window | undefined {
  // Where each window leads to, and the best one at each beginning; later ones first, since windows lead on to later ones.
  const best = new Map<number, { readonly window: Window; readonly end: number }>();
  const findBest = (moment: number) =>
    // Times of exports may be finer than those that an incremental one can begin at.
    best.get(moment) ?? best.get(floorToSecond(moment));
  for (const window of [...windows].sort((a, b) => b.from - a.from || b.to - a.to)) {
    const end = Math.max(window.to, findBest(window.to)?.end ?? -Infinity);
    const known = best.get(window.from);
    if (known === undefined || end > known.end) best.set(window.from, { window, end });
  }
  return findBest(until)?.window;
}
