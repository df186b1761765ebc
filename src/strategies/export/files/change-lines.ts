import type { ItemRun } from '../../../item-page.ts';
import { isJsonObject } from '../../../json/json-object.ts';
import { type MemberSpan, scanMembers } from '../../../json/scan-members.ts';
import type { CdcColumns } from '../../cdc-columns.ts';
import type { ExportNumbers } from './export-files.ts';
import { renderMicroseconds } from '../export-time.ts';
import type { LineCutter, LineSpan } from './line-reader.ts';

const OPEN_BRACE = 0x7b;
const LONGEST_NAME_BYTES = 8;

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

  take(bytes: Buffer, line: LineSpan): boolean {
    const members = scanMembers(bytes, line.start, line.end);
    if (members === undefined) return false;
    const { Metadata, Keys, OldImage, NewImage } = byName(bytes, members);
    const writtenAt = Metadata && readWriteTime(bytes, Metadata);
    if (writtenAt === undefined || Keys === undefined) return false;
    const item = NewImage ?? OldImage ?? Keys;
    if (bytes[item.valueStart] !== OPEN_BRACE) return false;
    const isDelete = NewImage === undefined || writtenAt >= this.#deletesFrom;
    const columns = this.#write(writtenAt, isDelete);
    this.runs.push({ start: item.valueStart, end: item.valueEnd, columns });
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

type Named = Partial<Record<string, MemberSpan>>;

function byName(bytes: Buffer, members: readonly MemberSpan[]): Named {
  const named: Named = {};
  for (const member of members) {
    const { nameStart, nameEnd } = member;
    if (nameEnd - nameStart <= LONGEST_NAME_BYTES) {
      named[bytes.toString('latin1', nameStart, nameEnd)] = member;
    }
  }
  return named;
}

/** `{"WriteTimestampMicros":{"N":"1680109764000000"}}` */
function readWriteTime(bytes: Buffer, { valueStart, valueEnd }: MemberSpan): number | undefined {
  try {
    const metadata: unknown = JSON.parse(bytes.toString('latin1', valueStart, valueEnd));
    const time = isJsonObject(metadata) ? metadata.WriteTimestampMicros : undefined;
    const digits = isJsonObject(time) ? time.N : undefined;
    if (typeof digits !== 'string' || !/^\d+$/.test(digits)) return undefined;
    const number = Number(digits);
    return Number.isSafeInteger(number) ? number : undefined;
  } catch {
    return undefined;
  }
}
