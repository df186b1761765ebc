import type { ItemRun } from '../../../item-page.ts';
import { isJsonObject } from '../../../json/json-object.ts';
import { type ByteSpan, JsonScanner, knowNames, ScanError } from '../../../json/json-scanner.ts';
import type { CdcColumns } from '../../cdc-columns.ts';
import type { ExportNumbers } from './export-files.ts';
import { renderMicroseconds } from '../export-time.ts';
import type { LineCutter } from './line-reader.ts';

const OPEN_BRACE = 0x7b;
const NAMES = knowNames(['Metadata', 'Keys', 'NewImage', 'OldImage']);

/** What records of an incremental export are numbered by, given the microseconds since 1970 of the write. */
export type NumberChange = (writtenAt: number) => number;

/**
 * Cuts lines of an incremental export, `{"Metadata":{…},"Keys":{…},"OldImage":{…},"NewImage":{…}}`, a run each: the new
 * image, or that of a delete as it was, or else its keys.
 */
export class ChangeLines implements LineCutter {
  readonly runs: ItemRun[] = [];
  readonly #columns: CdcColumns;
  readonly #number: NumberChange;
  readonly #deletesFrom: number;

  constructor(columns: CdcColumns, numbers: Pick<ExportNumbers, 'change' | 'deletesFrom'>) {
    this.#columns = columns;
    this.#number = numbers.change;
    this.#deletesFrom = numbers.deletesFrom ?? Infinity;
  }

  take(bytes: Buffer, line: ByteSpan): boolean {
    const { Metadata, Keys, OldImage, NewImage } = findMembers(bytes, line);
    const writtenAt = Metadata && readWriteTime(bytes, Metadata);
    if (writtenAt === undefined || Keys === undefined) return false;
    const { start, end } = NewImage ?? OldImage ?? Keys;
    if (bytes[start] !== OPEN_BRACE) return false;
    const isDelete = NewImage === undefined || writtenAt >= this.#deletesFrom;
    this.runs.push({ start, end, columns: this.#write(writtenAt, isDelete) });
    return true;
  }

  /** Who deleted an item, an export does not tell. */
  #write(writtenAt: number, isDelete: boolean): Uint8Array {
    const at = renderMicroseconds(writtenAt);
    return this.#columns.write({
      cursor: this.#number(writtenAt),
      updatedAt: at,
      deletedAt: isDelete ? at : null,
    });
  }
}

/** Returns where the values of a line stand; of none that is not one object. */
function findMembers(bytes: Buffer, line: ByteSpan): Partial<Record<string, ByteSpan>> {
  const members: Partial<Record<string, ByteSpan>> = {};
  const scanner = new JsonScanner(bytes, NAMES, line);
  try {
    scanner.readObject((name) => {
      members[name] = scanner.skipValue();
    });
    scanner.expectEnd();
    return members;
  } catch (error) {
    if (error instanceof ScanError) return {};
    throw error;
  }
}

/** `{"WriteTimestampMicros":{"N":"1680109764000000"}}` */
function readWriteTime(bytes: Buffer, { start, end }: ByteSpan): number | undefined {
  try {
    const metadata: unknown = JSON.parse(bytes.toString('latin1', start, end));
    const time = isJsonObject(metadata) ? metadata.WriteTimestampMicros : undefined;
    const digits = isJsonObject(time) ? time.N : undefined;
    if (typeof digits !== 'string' || !/^\d+$/.test(digits)) return undefined;
    const number = Number(digits);
    return Number.isSafeInteger(number) ? number : undefined;
  } catch {
    return undefined;
  }
}
