/** A record as a destination gets it. */
export interface ModelRow {
  readonly pk: string;
  readonly v?: number;
  readonly _ab_cdc_cursor: number;
  readonly _ab_cdc_updated_at: string;
  readonly _ab_cdc_deleted_at: string | null;
  readonly _ab_cdc_deleted_by: string | null;
  readonly _ab_cdc_sequence_number: string | null;
}

/** What a destination makes of records in the order of their arrival: the value of each key that lives. */
export interface Destination {
  readonly name: string;
  readonly rows: ReadonlyMap<string, number>;
  take(row: ModelRow): void;
}

/** The newest by number, and by arrival among equals; a deleted row stays and is marked. */
class SoftDelete implements Destination {
  readonly name = 'soft delete';
  readonly #newest = new Map<string, ModelRow>();

  get rows(): ReadonlyMap<string, number> {
    const living = [...this.#newest.values()].filter((row) => row._ab_cdc_deleted_at === null);
    return new Map(living.map(({ pk, v = -1 }) => [pk, v]));
  }

  take(row: ModelRow): void {
    const known = this.#newest.get(row.pk);
    if (known === undefined || row._ab_cdc_cursor >= known._ab_cdc_cursor) {
      this.#newest.set(row.pk, row);
    }
  }
}

/** The same, but a delete takes the row away and leaves nothing behind. */
class HardDelete implements Destination {
  readonly name = 'hard delete';
  readonly #newest = new Map<string, ModelRow>();

  get rows(): ReadonlyMap<string, number> {
    return new Map([...this.#newest.values()].map(({ pk, v = -1 }) => [pk, v]));
  }

  take(row: ModelRow): void {
    const known = this.#newest.get(row.pk);
    if (known !== undefined && row._ab_cdc_cursor < known._ab_cdc_cursor) return;
    if (row._ab_cdc_deleted_at === null) this.#newest.set(row.pk, row);
    else this.#newest.delete(row.pk);
  }
}

/** Whatever came last. */
class LastArrival implements Destination {
  readonly name = 'order of extraction';
  readonly rows = new Map<string, number>();

  take({ pk, v = -1, _ab_cdc_deleted_at: deletedAt }: ModelRow): void {
    if (deletedAt === null) this.rows.set(pk, v);
    else this.rows.delete(pk);
  }
}

/** One of each kind, empty. */
export function createDestinations(): readonly Destination[] {
  return [new SoftDelete(), new HardDelete(), new LastArrival()];
}
