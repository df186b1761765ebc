import { SHAPES, type ShapeName } from './shapes.ts';

/** About 1 MB of items on the wire, what a Scan without a limit answers. */
const PAGE_BYTES = 1_009_000;

/** So many different pages repeat through a table: more than a processor's caches hold, little enough to prerender. */
const PAGE_COUNT = 16;

/** A run of items of one prerendered page. */
export interface PageCut {
  /** The items, comma-separated, without the brackets of the array. */
  readonly items: Buffer;
  readonly count: number;
  /** The same for equal cuts, so that what is computed over the bytes can be kept. */
  readonly id: string;
}

/** The prerendered pages of one shape. Equal arguments always give equal items, so a start key resumes. */
export class PageSet {
  readonly #pages: readonly RenderedPage[];
  /** Items of a full page. */
  readonly itemsPerPage: number;
  /** Mean size of an item on the wire in bytes, its comma included. */
  readonly itemBytes: number;

  constructor(shape: ShapeName) {
    const first = renderPage(shape, 0);
    this.itemsPerPage = first.ends.length;
    const pages = [first];
    for (let page = 1; page < PAGE_COUNT; page += 1) {
      pages.push(renderPage(shape, page * this.itemsPerPage, this.itemsPerPage));
    }
    this.#pages = pages;
    const bytes = pages.reduce((sum, page) => sum + page.bytes.length + 1, 0);
    this.itemBytes = bytes / (PAGE_COUNT * this.itemsPerPage);
  }

  /** Items from position `offset` on: at most `limit`, and never beyond the end of the page that holds the first. */
  cut(offset: number, limit: number): PageCut {
    const slot = Math.floor(offset / this.itemsPerPage) % PAGE_COUNT;
    const from = offset % this.itemsPerPage;
    const count = Math.max(0, Math.min(limit, this.itemsPerPage - from));
    const page = this.#pages[slot];
    if (page === undefined || count === 0) return { items: Buffer.alloc(0), count: 0, id: 'none' };
    const start = from === 0 ? 0 : (page.ends[from - 1] ?? 0) + 1;
    const items = page.bytes.subarray(start, page.ends[from + count - 1]);
    return { items, count, id: `${slot}:${from}:${count}` };
  }
}

interface RenderedPage {
  readonly bytes: Buffer;
  /** Where each item ends in `bytes`. */
  readonly ends: readonly number[];
}

/** Renders a page of `itemCount` items, or of as many as fill one. */
function renderPage(shape: ShapeName, firstIndex: number, itemCount?: number): RenderedPage {
  const { render } = SHAPES[shape];
  const items: Buffer[] = [];
  const ends: number[] = [];
  let size = 0;
  while (itemCount === undefined ? size < PAGE_BYTES : items.length < itemCount) {
    const separator = items.length === 0 ? '' : ',';
    const bytes = Buffer.from(separator + render(firstIndex + items.length));
    items.push(bytes);
    size += bytes.length;
    ends.push(size);
  }
  return { bytes: Buffer.concat(items), ends };
}
