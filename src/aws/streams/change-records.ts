import type { ByteSpan } from '../../json/json-scanner.ts';

const NOTHING = Buffer.alloc(0);

/** What every entry of a change stream holds. The item is bytes of its page: each span is one in DynamoDB JSON. */
interface ChangeFacts {
  /** Digits, which only tell entries of one shard apart. */
  readonly sequenceNumber: string;
  /** When the change was made, in whole seconds since 1970, rounded down. */
  readonly createdAt: number;
  /** The key attributes. */
  readonly keys: ByteSpan;
  /** The item as it was before the change, if there was one and the view of the change stream has it. */
  readonly oldImage?: ByteSpan | undefined;
  /** Whether DynamoDB deleted the item because its time to live was over. */
  readonly isTtl: boolean;
}

/** An item was made or changed. */
export interface PutRecord extends ChangeFacts {
  readonly kind: 'put';
  /** The item as it was after the change. */
  readonly newImage: ByteSpan;
}

/** An item was deleted. */
export interface DeleteRecord extends ChangeFacts {
  readonly kind: 'delete';
  readonly newImage?: undefined;
}

/** An entry of a change stream. */
export type ChangeRecord = PutRecord | DeleteRecord;

/** The entries of an answer, in their order. */
export interface ChangeRecordList extends Iterable<ChangeRecord> {
  readonly length: number;
  at(index: number): ChangeRecord | undefined;
}

/** What is noted of an entry; spans that are absent are empty. */
export interface NotedRecord {
  readonly isDelete: boolean;
  readonly isTtl: boolean;
  readonly createdAt: number;
  /** With its quotes. */
  readonly sequenceNumber: ByteSpan;
  readonly keys: ByteSpan;
  readonly newImage: ByteSpan;
  readonly oldImage: ByteSpan;
}

const NUMBERS_A_RECORD = 10;
const IS_DELETE = 1;
const IS_TTL = 2;
// What GetRecords answers at most.
const USUAL_RECORDS = 1000;

/**
 * Entries as numbers, of which each is made when it is asked for.
 *
 * Dozens of pages may wait to be written. As objects their entries would take three times the memory of their bytes, and
 * outlive the next collections of garbage. So the numbers stay where they are from page to page.
 */
export class CompactRecords implements ChangeRecordList {
  #numbers = new Float64Array(USUAL_RECORDS * NUMBERS_A_RECORD);
  #bytes: Buffer = NOTHING;
  #length = 0;

  get length(): number {
    return this.#length;
  }

  /** Forgets the entries of the page before, and begins with one whose entries lie in these bytes. */
  begin(bytes: Buffer): void {
    this.#bytes = bytes;
    this.#length = 0;
  }

  add(record: NotedRecord): void {
    const { isDelete, isTtl, createdAt, sequenceNumber, keys, newImage, oldImage } = record;
    let at = this.#length++ * NUMBERS_A_RECORD;
    if (at === this.#numbers.length) this.#grow();
    const numbers = this.#numbers;
    numbers[at++] = (isDelete ? IS_DELETE : 0) + (isTtl ? IS_TTL : 0);
    numbers[at++] = createdAt;
    numbers[at++] = sequenceNumber.start;
    numbers[at++] = sequenceNumber.end;
    numbers[at++] = keys.start;
    numbers[at++] = keys.end;
    numbers[at++] = newImage.start;
    numbers[at++] = newImage.end;
    numbers[at++] = oldImage.start;
    numbers[at] = oldImage.end;
  }

  at(index: number): ChangeRecord | undefined {
    const position = index < 0 ? this.length + index : index;
    if (position < 0 || position >= this.length) return undefined;
    const from = position * NUMBERS_A_RECORD;
    const flags = this.#numbers[from] ?? 0;
    const isDelete = (flags & IS_DELETE) > 0;
    // Spelled out, since spreading objects would take longer than all else that is done with an entry.
    return {
      kind: isDelete ? 'delete' : 'put',
      isTtl: (flags & IS_TTL) > 0,
      createdAt: this.#numbers[from + 1] ?? 0,
      sequenceNumber: this.#readText(this.#span(from + 2)),
      keys: this.#span(from + 4),
      newImage: isDelete ? undefined : this.#span(from + 6),
      oldImage: this.#hasSpan(from + 8) ? this.#span(from + 8) : undefined,
    } as ChangeRecord;
  }

  *[Symbol.iterator](): Generator<ChangeRecord> {
    for (let index = 0; index < this.length; index++) {
      const record = this.at(index);
      if (record !== undefined) yield record;
    }
  }

  #grow(): void {
    const grown = new Float64Array(2 * this.#numbers.length);
    grown.set(this.#numbers);
    this.#numbers = grown;
  }

  #hasSpan(at: number): boolean {
    return (this.#numbers[at + 1] ?? 0) > 0;
  }

  #span(at: number): ByteSpan {
    return { start: this.#numbers[at] ?? 0, end: this.#numbers[at + 1] ?? 0 };
  }

  #readText({ start, end }: ByteSpan): string {
    const text = this.#bytes.toString('latin1', start + 1, end - 1);
    return text.includes('\\')
      ? (JSON.parse(this.#bytes.toString('utf8', start, end)) as string)
      : text;
  }
}
