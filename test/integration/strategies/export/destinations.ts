import type { ExportedRow } from './export-world.ts';

/** What a destination makes of records in the order of their arrival: the value of each key that lives. */
export interface Destination {
  readonly name: string;
  readonly rows: ReadonlyMap<string, number>;
  take(row: ExportedRow): void;
}

/** The newest by number, and by arrival among equals. A delete marks the row, or takes it away and leaves nothing. */
class Deduplicating implements Destination {
  readonly name: string;
  readonly #isSoft: boolean;
  readonly #newest = new Map<string, ExportedRow>();

  constructor(isSoft: boolean) {
    this.name = isSoft ? 'soft delete' : 'hard delete';
    this.#isSoft = isSoft;
  }

  get rows(): ReadonlyMap<string, number> {
    const living = [...this.#newest.values()].filter((row) => row._ab_cdc_deleted_at === null);
    return new Map(living.map(({ pk, v = -1 }) => [pk, v]));
  }

  take(row: ExportedRow): void {
    const known = this.#newest.get(row.pk);
    if (known !== undefined && Number(row._ab_cdc_cursor) < Number(known._ab_cdc_cursor)) return;
    if (row._ab_cdc_deleted_at === null || this.#isSoft) this.#newest.set(row.pk, row);
    else this.#newest.delete(row.pk);
  }
}

/** Whatever came last. */
class LastArrival implements Destination {
  readonly name = 'order of extraction';
  readonly rows = new Map<string, number>();

  take({ pk, v = -1, _ab_cdc_deleted_at: deletedAt }: ExportedRow): void {
    if (deletedAt === null) this.rows.set(pk, v);
    else this.rows.delete(pk);
  }
}

/** One of each kind, empty. */
export function createDestinations(): readonly Destination[] {
  return [new Deduplicating(true), new Deduplicating(false), new LastArrival()];
}
