/** The columns that change capture adds to each record, and their JSON schemas. */
export const CDC_COLUMNS: ReadonlyMap<string, Readonly<Record<string, unknown>>> = new Map([
  ['_ab_cdc_cursor', { type: 'integer' }],
  ['_ab_cdc_updated_at', { type: 'string' }],
  ['_ab_cdc_deleted_at', { type: ['string', 'null'] }],
  ['_ab_cdc_deleted_by', { type: ['string', 'null'] }],
  ['_ab_cdc_sequence_number', { type: ['string', 'null'] }],
]);

/** The column that orders the versions of a key. */
export const CDC_CURSOR = '_ab_cdc_cursor';

/** What the columns of one record say. */
export interface CdcValues {
  /** Microseconds since 1970, below 2^53. Of two versions of a key, the one with the larger number is the newer. */
  readonly cursor: number;
  /** ISO 8601. */
  readonly updatedAt: string;
  /** ISO 8601; null unless the record is a delete. */
  readonly deletedAt?: string | null;
  /** Who deleted the item; null where that is not known. */
  readonly deletedBy?: 'user' | 'ttl' | null;
  /** Of the change record; null where there is none. */
  readonly sequenceNumber?: string | null;
}

/** Writes the columns of change capture as members of a JSON object: those that the catalog lists. */
export class CdcColumns {
  readonly #isListed: (column: string) => boolean;

  /** @param isListed whether records carry a column. */
  constructor(isListed: (column: string) => boolean) {
    this.#isListed = isListed;
  }

  /** ASCII, without braces: `"_ab_cdc_cursor":17,"_ab_cdc_deleted_at":null`. */
  write(values: CdcValues): Uint8Array {
    const { cursor, updatedAt, deletedAt = null, deletedBy = null, sequenceNumber = null } = values;
    const members = [
      ['_ab_cdc_cursor', cursor],
      ['_ab_cdc_updated_at', updatedAt],
      ['_ab_cdc_deleted_at', deletedAt],
      ['_ab_cdc_deleted_by', deletedBy],
      ['_ab_cdc_sequence_number', sequenceNumber],
    ] as const;
    const listed = members.filter(([name]) => this.#isListed(name));
    const texts = listed.map(([name, value]) => `"${name}":${JSON.stringify(value)}`);
    return Buffer.from(texts.join(','), 'latin1');
  }
}
