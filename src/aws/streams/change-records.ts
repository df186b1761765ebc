import type { ByteSpan } from './json-scanner.ts';

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

/**
 * Entries as numbers, of which each is made when it is asked for.
 *
 * Dozens of pages may wait to be written, a thousand entries each. As objects they would take three times the memory of
 * their bytes.
 */
export class CompactRecords implements ChangeRecordList {
  readonly #bytes: Buffer;
  readonly #numbers: number[] = [];

  /** @param bytes of the page, which they lie in. */
  constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }

  get length(): number {
    return this.#numbers.length / NUMBERS_A_RECORD;
  }

  add(record: NotedRecord): void {
    const { isDelete, isTtl, createdAt, sequenceNumber, keys, newImage, oldImage } = record;
    const flags = (isDelete ? IS_DELETE : 0) + (isTtl ? IS_TTL : 0);
    const numbers = this.#numbers;
    numbers.push(flags, createdAt, sequenceNumber.start, sequenceNumber.end);
    numbers.push(keys.start, keys.end, newImage.start, newImage.end, oldImage.start, oldImage.end);
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
