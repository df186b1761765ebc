import type { ChangeRecord } from './change-source.ts';
import { type ChangeNumber, toMilliseconds } from './change-number.ts';

/** The columns that change capture adds to each record, and their JSON schemas. */
export const CHANGE_COLUMNS: ReadonlyMap<string, Readonly<Record<string, unknown>>> = new Map([
  ['_ab_cdc_cursor', { type: 'integer' }],
  ['_ab_cdc_updated_at', { type: 'string' }],
  ['_ab_cdc_deleted_at', { type: ['string', 'null'] }],
  ['_ab_cdc_deleted_by', { type: ['string', 'null'] }],
  ['_ab_cdc_sequence_number', { type: ['string', 'null'] }],
]);

/** The column that orders the versions of a key. */
export const CURSOR_COLUMN = '_ab_cdc_cursor';

/** Whether a record carries a column of change capture. */
export type IsListed = (column: string) => boolean;

/** Writes the columns of change capture as members of a JSON object, those that the catalog lists. */
export class ChangeColumns {
  readonly #isListed: IsListed;

  constructor(isListed: IsListed) {
    this.#isListed = isListed;
  }

  /** Of each row of a snapshot. */
  ofRow(base: ChangeNumber): Uint8Array {
    return this.#write({
      _ab_cdc_cursor: base,
      _ab_cdc_updated_at: new Date(toMilliseconds(base)).toISOString(),
      _ab_cdc_deleted_at: null,
      _ab_cdc_deleted_by: null,
      _ab_cdc_sequence_number: null,
    });
  }

  /** Of a change. */
  ofChange(record: ChangeRecord, number: ChangeNumber): Uint8Array {
    const { kind, createdAt, isTtl, sequenceNumber } = record;
    const at = new Date(createdAt * 1000).toISOString();
    const isDelete = kind === 'delete';
    return this.#write({
      _ab_cdc_cursor: number,
      _ab_cdc_updated_at: at,
      _ab_cdc_deleted_at: isDelete ? at : null,
      _ab_cdc_deleted_by: isDelete ? (isTtl ? 'ttl' : 'user') : null,
      _ab_cdc_sequence_number: sequenceNumber,
    });
  }

  #write(values: Readonly<Record<string, string | number | null>>): Uint8Array {
    const members = Object.entries(values)
      .filter(([name]) => this.#isListed(name))
      .map(([name, value]) => `"${name}":${JSON.stringify(value)}`);
    return Buffer.from(members.join(','), 'ascii');
  }
}
