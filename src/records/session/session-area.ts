import { ATTRIBUTE_TABLE_BYTES, AttributeTable } from '../attribute-table.ts';

/** A stretch of a session's area for bytes that the module copies. */
export interface Room {
  /** What it contains, for people. */
  readonly name: string;
  readonly offset: number;
  readonly capacity: number;
}

const LINE_BYTES = 1 << 14;
const SUFFIX_BYTES = 1 << 8;
const COLUMNS_BYTES = 1 << 13;
const WATCH_BYTES = 1 << 12;
const SEPARATOR_BYTES = 1 << 6;

/** The bytes before the data: the names of a stream and its namespace, and `"data":` of packed records. */
export const LINE_ROOM: Room = {
  name: 'The names of the stream and its namespace',
  offset: 0,
  capacity: LINE_BYTES,
};
/** The bytes after the data. */
export const SUFFIX_ROOM: Room = {
  name: 'What follows the data of a record',
  offset: LINE_BYTES,
  capacity: SUFFIX_BYTES,
};
/** The columns of a run. */
export const COLUMNS_ROOM: Room = {
  name: 'The columns of a run',
  offset: LINE_BYTES + SUFFIX_BYTES,
  capacity: COLUMNS_BYTES,
};
/** How many values of the watched attribute came of each type, and the names that lead to it. */
export const WATCH_ROOM: Room = {
  name: 'The path of the watched attribute',
  offset: LINE_BYTES + SUFFIX_BYTES + COLUMNS_BYTES,
  capacity: WATCH_BYTES,
};

/** What stands between two items of a run. */
export const SEPARATOR_ROOM: Room = {
  name: 'What separates the items of a run',
  offset: LINE_BYTES + SUFFIX_BYTES + COLUMNS_BYTES + WATCH_BYTES,
  capacity: SEPARATOR_BYTES,
};

/** The largest number of bytes of a record that do not come from its item. */
export const LARGEST_OVERHEAD_BYTES = 1 << 15;
const ATTRIBUTES_OFFSET = LARGEST_OVERHEAD_BYTES;
/** How much of the transcoder's memory a session takes. */
export const AREA_BYTES = ATTRIBUTES_OFFSET + ATTRIBUTE_TABLE_BYTES;

/** The part of a memory that only one session writes to: what surrounds the data, and the session's attributes. */
export class SessionArea {
  readonly address: number;
  readonly attributes: AttributeTable;

  constructor(address: number) {
    this.address = address;
    this.attributes = new AttributeTable(address + ATTRIBUTES_OFFSET);
  }

  /** Address after everything that it may ever use. */
  get endAddress(): number {
    return this.address + AREA_BYTES;
  }

  /**
   * Writes bytes into a room of the area in `memory`, and returns their address.
   *
   * @throws RangeError when they are too long.
   */
  write(memory: Buffer, room: Room, bytes: Uint8Array): number {
    if (bytes.length > room.capacity) {
      throw new RangeError(`${room.name}: ${bytes.length} bytes are more than ${room.capacity}.`);
    }
    const address = this.address + room.offset;
    memory.set(bytes, address);
    return address;
  }

  /** Copies the used part of the area from one memory to the same place in another. */
  copy(from: Buffer, to: Buffer): void {
    from.copy(to, this.address, this.address, this.attributes.endAddress);
  }
}
