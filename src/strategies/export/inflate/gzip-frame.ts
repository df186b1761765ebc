import { GzipError } from './gzip-error.ts';

const MAGIC = [0x1f, 0x8b];
const DEFLATE = 8;
const FLAGS_AT = 3;
const FIXED_BYTES = 10;
const HAS_CRC = 2;
const HAS_EXTRA = 4;
const HAS_NAME = 8;
const HAS_COMMENT = 16;
const RESERVED_FLAGS = 0xe0;
// Names and comments have no limit of their own.
const LONGEST_HEADER_BYTES = 1 << 16;

/** Bytes of what is behind the data of a member: its CRC-32 and its length. */
export const TRAILER_BYTES = 8;

/**
 * The length of the header of a gzip member that begins with these bytes; undefined when more of them are needed.
 *
 * @see https://www.rfc-editor.org/rfc/rfc1952
 * @throws GzipError for what is no header.
 */
export function measureHeader(bytes: Buffer): number | undefined {
  if (!MAGIC.every((byte, index) => bytes.length <= index || bytes[index] === byte)) {
    throw new GzipError('incorrect header check');
  }
  const end = findHeaderEnd(bytes.subarray(0, LONGEST_HEADER_BYTES));
  if (end !== undefined && end <= bytes.length) return end;
  if (bytes.length < LONGEST_HEADER_BYTES) return undefined;
  throw new GzipError('a header without an end');
}

function findHeaderEnd(bytes: Buffer): number | undefined {
  if (bytes.length < FIXED_BYTES) return undefined;
  const flags = bytes[FLAGS_AT] ?? 0;
  if (bytes[2] !== DEFLATE) throw new GzipError('unknown compression method');
  if ((flags & RESERVED_FLAGS) !== 0) throw new GzipError('unknown header flags set');
  let end = FIXED_BYTES;
  if ((flags & HAS_EXTRA) !== 0) {
    if (bytes.length < end + 2) return undefined;
    end += 2 + bytes.readUInt16LE(end);
  }
  for (const flag of [HAS_NAME, HAS_COMMENT]) {
    if ((flags & flag) === 0) continue;
    const zero = bytes.indexOf(0, end);
    if (zero < 0) return undefined;
    end = zero + 1;
  }
  if ((flags & HAS_CRC) !== 0) end += 2;
  return end;
}

/** @throws GzipError when the data that was inflated is not what was compressed. */
export function checkTrailer(trailer: Buffer, crc: number, bytes: number): void {
  if (trailer.readUInt32LE(0) !== crc) throw new GzipError('incorrect data check');
  if (trailer.readUInt32LE(4) !== bytes % 2 ** 32) throw new GzipError('incorrect length check');
}
