import { DISTANCES_OFFSET, Halt, LENGTHS_OFFSET, LITERALS_OFFSET, Phase, Stream } from './stream';
import { buildTable, Code, DISTANCE_BITS, LENGTH_CODE_BITS, LITERAL_BITS, SPECIAL } from './tables';

const STORED = 0;
const FIXED = 1;
const DYNAMIC = 2;
const LITERAL_SYMBOLS = 288;
const END_OF_BLOCK = 256;
const LENGTH_CODES = 19;
const LENGTH_CODE_ORDER = memory.data<u8>([
  16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15,
]);
/** The table of the lengths' own code, which is done with when the header is read. */
const lengthTable = memory.data(4 << 7);

/** Reads bits of a header; what is missing at the end of the input is zero, and counts as read. */
class Bits {
  static from: usize = 0;
  static end: usize = 0;
  static held: u64 = 0;
  /** Negative when more was read than there is. */
  static count: i32 = 0;
}

/** @returns how many of the next bits are there, of 32 that are wanted. */
function refill(): void {
  while (Bits.count >= 0 && Bits.count <= 32 && Bits.from < Bits.end) {
    Bits.held |= (<u64>load<u8>(Bits.from++)) << Bits.count;
    Bits.count += 8;
  }
}

function take(bits: i32): i32 {
  if (Bits.count < bits) refill();
  const value = <i32>(Bits.held & ((<u64>1 << bits) - 1));
  Bits.held >>= bits;
  Bits.count -= bits;
  return value;
}

/**
 * Reads the header of a block, from its beginning: where its input ends before it, nothing of it is read.
 */
export function readHeader(stream: Stream): i32 {
  Bits.from = stream.from;
  Bits.end = stream.end;
  Bits.held = stream.bits & ((<u64>1 << stream.bitCount) - 1);
  Bits.count = stream.bitCount;
  const isLast = take(1);
  const type = take(2);
  let halt: i32 = Halt.BlockType;
  if (type == STORED) halt = readStored(stream);
  else if (type == FIXED) halt = setFixedCodes(stream);
  else if (type == DYNAMIC) halt = readCodes(stream);
  // Damage that is seen in bits that are not there is none.
  if (Bits.count < 0) return Halt.Input;
  if (halt != Halt.Done) return halt;
  stream.from = Bits.from;
  stream.bits = Bits.held;
  stream.bitCount = Bits.count;
  stream.isLast = isLast;
  stream.phase = type == STORED ? Phase.Stored : Phase.Codes;
  return Halt.Done;
}

function readStored(stream: Stream): i32 {
  take(Bits.count & 7);
  const length = take(16);
  const complement = take(16);
  if (Bits.count >= 0 && length != (complement ^ 0xffff)) return Halt.StoredLength;
  // What is behind them are bytes of the block.
  Bits.from -= max(Bits.count, 0) >> 3;
  Bits.held = 0;
  Bits.count = min(Bits.count, 0);
  stream.stored = length;
  return Halt.Done;
}

function setFixedCodes(stream: Stream): i32 {
  const lengths = changetype<usize>(stream) + LENGTHS_OFFSET;
  memory.fill(lengths, 8, 144);
  memory.fill(lengths + 144, 9, 112);
  memory.fill(lengths + 256, 7, 24);
  memory.fill(lengths + 280, 8, 8);
  memory.fill(lengths + LITERAL_SYMBOLS, 5, 32);
  return buildTables(stream, LITERAL_SYMBOLS, 32);
}

function readCodes(stream: Stream): i32 {
  const literals = take(5) + 257;
  const distances = take(5) + 1;
  const codes = take(4) + 4;
  if (literals > 286 || distances > 30) return Halt.CodeLengths;
  const lengths = changetype<usize>(stream) + LENGTHS_OFFSET;
  memory.fill(lengths, 0, LENGTH_CODES);
  for (let index = 0; index < codes; index++) {
    store<u8>(lengths + load<u8>(LENGTH_CODE_ORDER + <usize>index), <u8>take(3));
  }
  if (!buildTable(Code.Lengths, lengthTable, LENGTH_CODE_BITS, lengths, LENGTH_CODES)) return Halt.CodeLengths;
  const halt = readLengths(lengths, literals + distances);
  if (halt != Halt.Done || Bits.count < 0) return halt;
  if (load<u8>(lengths + END_OF_BLOCK) == 0) return Halt.CodeLengths;
  return buildTables(stream, literals, distances);
}

/** The lengths of both codes, which are one list. */
function readLengths(lengths: usize, wanted: i32): i32 {
  let previous: u8 = 0;
  for (let read = 0; read < wanted && Bits.count >= 0;) {
    refill();
    const entry = load<u32>(lengthTable + ((<usize>Bits.held & ((1 << LENGTH_CODE_BITS) - 1)) << 2));
    take(<i32>entry & 63);
    if (entry & SPECIAL) return Halt.CodeLengths;
    const symbol = <i32>(entry >> 16);
    let times = 1;
    if (symbol < 16) previous = <u8>symbol;
    else if (symbol == 16) {
      if (read == 0) return Halt.CodeLengths;
      times = 3 + take(2);
    } else {
      previous = 0;
      times = symbol == 17 ? 3 + take(3) : 11 + take(7);
    }
    if (read + times > wanted) return Halt.CodeLengths;
    memory.fill(lengths + read, previous, times);
    read += times;
  }
  return Halt.Done;
}

function buildTables(stream: Stream, literals: i32, distances: i32): i32 {
  const start = changetype<usize>(stream);
  const lengths = start + LENGTHS_OFFSET;
  const isFine =
    buildTable(Code.Literals, start + LITERALS_OFFSET, LITERAL_BITS, lengths, literals) &&
    buildTable(Code.Distances, start + DISTANCES_OFFSET, DISTANCE_BITS, lengths + literals, distances);
  return isFine ? Halt.Done : Halt.CodeLengths;
}
