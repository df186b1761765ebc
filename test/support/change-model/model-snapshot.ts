import type { ItemPage } from '../../../src/item-page.ts';
import type { ScanState, SegmentState } from '../../../src/strategies/scan/scan-state.ts';
import type { OpenSnapshot } from '../../../src/strategies/streams/snapshot.ts';
import type { ReadStrategy, StreamState } from '../../../src/strategies/read-strategy.ts';
import { merge } from '../../../src/merge.ts';
import type { Random } from '../seeded-random.ts';
import { toItem } from './model-source.ts';
import type { ModelTable } from './model-table.ts';
import type { VirtualClock } from './virtual-clock.ts';

/** What a model's scan is made of. */
export interface ModelSnapshotInput {
  readonly clock: VirtualClock;
  readonly random: Random;
  readonly table: ModelTable;
  readonly pageSize: number;
  /** The longest time that a page takes. */
  readonly pageMs: number;
  /** Where pages wait that are under way when the scan pauses, to be written when it goes on: a fault. */
  readonly late?: ItemPage[];
}

/** Where a new scan of a model begins. */
export const MODEL_SCAN_START: ScanState = { total_segments: 2, segments: [] };

/** A scan of a model table, in segments by key; each page holds the items as they are when it is asked for. */
export class ModelSnapshot implements ReadStrategy {
  readonly #input: ModelSnapshotInput;
  readonly #total: number;
  readonly #segments: Map<number, SegmentState>;
  #isRead = false;

  constructor(input: ModelSnapshotInput, { total_segments: total, segments }: ScanState) {
    this.#input = input;
    this.#total = total;
    this.#segments = new Map(segments.map((state) => [state.segment, state]));
  }

  static opener(input: ModelSnapshotInput): OpenSnapshot {
    return (scan) => new ModelSnapshot(input, scan);
  }

  async *read(signal: AbortSignal): AsyncGenerator<ItemPage> {
    for (const page of this.#input.late?.splice(0) ?? []) yield page;
    const numbers = Array.from({ length: this.#total }, (_, segment) => segment).filter(
      (segment) => this.#segments.get(segment)?.complete !== true,
    );
    const sources = numbers.map(
      (segment) => (stopped: AbortSignal) => this.#readSegment(segment, stopped),
    );
    yield* merge(sources, { signal });
    this.#isRead = !signal.aborted;
  }

  state(): StreamState {
    if (this.#isRead) return { scan_complete: true };
    return { scan: { total_segments: this.#total, segments: [...this.#segments.values()] } };
  }

  async *#readSegment(segment: number, signal: AbortSignal): AsyncGenerator<ItemPage> {
    const start = this.#segments.get(segment)?.exclusive_start_key?.pk?.S;
    let after = typeof start === 'string' ? start : '';
    while (!signal.aborted) {
      const page = this.#ask(segment, after);
      try {
        await this.#input.clock.sleep(this.#input.random() * this.#input.pageMs, signal);
      } catch {
        this.#input.late?.push({ ...page.items, advance: () => undefined });
        return;
      }
      yield page.items;
      if (page.last === undefined) return;
      after = page.last;
    }
  }

  #ask(segment: number, after: string): { readonly items: ItemPage; readonly last?: string } {
    const { table, pageSize } = this.#input;
    const keys = [...table.items.keys()]
      .filter((key) => segmentOf(key, this.#total) === segment && key > after)
      .sort();
    const chosen = keys.slice(0, pageSize);
    const last = keys.length > pageSize ? chosen.at(-1) : undefined;
    const bytes = Buffer.from(chosen.map((key) => toItem(key, table.items.get(key))).join(','));
    const state: SegmentState =
      last === undefined
        ? { segment, complete: true }
        : { segment, exclusive_start_key: { pk: { S: last } }, complete: false };
    const items = {
      bytes,
      runs: bytes.length > 0 ? [{ start: 0, end: bytes.length }] : [],
      advance: () => {
        this.#segments.set(segment, state);
      },
      release: () => undefined,
    };
    return { items, ...(last !== undefined && { last }) };
  }
}

function segmentOf(key: string, total: number): number {
  return Buffer.from(key).reduce((sum, code) => sum + code, 0) % total;
}
