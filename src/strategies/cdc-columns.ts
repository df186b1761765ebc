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
  /** The names of those that are listed, with all that stands between the values. */
  readonly #openings: Readonly<Record<keyof CdcValues, string | undefined>>;

  /** @param isListed whether records carry a column. */
  constructor(isListed: (column: string) => boolean) {
    const open = (column: string): string | undefined =>
      isListed(column) ? `"${column}":` : undefined;
    this.#openings = {
      cursor: open('_ab_cdc_cursor'),
      updatedAt: open('_ab_cdc_updated_at'),
      deletedAt: open('_ab_cdc_deleted_at'),
      deletedBy: open('_ab_cdc_deleted_by'),
      sequenceNumber: open('_ab_cdc_sequence_number'),
    };
  }

  /** ASCII, without braces: `"_ab_cdc_cursor":17,"_ab_cdc_deleted_at":null`. */
  write(values: CdcValues): Uint8Array {
    const { cursor, updatedAt, deletedAt = null, deletedBy = null, sequenceNumber = null } = values;
    const openings = this.#openings;
    const members =
      writeMember(openings.cursor, String(cursor)) +
      writeMember(openings.updatedAt, quote(updatedAt)) +
      writeMember(openings.deletedAt, quote(deletedAt)) +
      writeMember(openings.deletedBy, quote(deletedBy)) +
      writeMember(openings.sequenceNumber, JSON.stringify(sequenceNumber));
    return Buffer.from(members.slice(1), 'latin1');
  }
}

function writeMember(opening: string | undefined, value: string): string {
  return opening === undefined ? '' : `,${opening}${value}`;
}

/** Times and words of ours, none of which needs an escape. */
function quote(text: string | null): string {
  return text === null ? 'null' : `"${text}"`;
}
