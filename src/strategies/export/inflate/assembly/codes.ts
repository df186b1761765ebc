import { DISTANCES_OFFSET, endBlock, Halt, LITERALS_OFFSET, Stream } from './stream';
import { BLOCK_END, DISTANCE_BITS, LITERAL, LITERAL_BITS, SPECIAL, SUBTABLE } from './tables';

const LITERAL_MASK: u64 = (1 << LITERAL_BITS) - 1;
const DISTANCE_MASK: u64 = (1 << DISTANCE_BITS) - 1;
const LONGEST_MATCH: usize = 258;
const LITERALS_A_TURN: usize = 3;
/** Bytes of the input that a turn of the fast loop takes or looks at. */
const INPUT_A_TURN: usize = 24;
const BLOCK: usize = 16;

/** What a length or a distance adds up to: its base and its extra bits, which come behind the code. */
@inline
function addExtra(entry: u32, bits: u64): usize {
  const taken = bits & ((<u64>1 << <u64>(entry & 63)) - 1);
  return <usize>(entry >> 16) + <usize>(taken >> <u64>((entry >> 8) & 15));
}

@inline
function subtableEntry(table: usize, entry: u32, bits: u64): u32 {
  const mask = (<u64>1 << <u64>((entry >> 8) & 15)) - 1;
  return load<u32>(table + ((<usize>((entry >> 16) & 0x7fff) + <usize>(bits & mask)) << 2));
}

/** Copies a match, and at most 15 bytes more; returns the address behind it. */
@inline
function copyMatch(to: usize, distance: usize, length: usize): usize {
  const end = to + length;
  let from = to - distance;
  if (distance >= BLOCK) {
    do {
      v128.store(to, v128.load(from));
      to += BLOCK;
      from += BLOCK;
    } while (to < end);
  } else if (distance == 1) {
    const block = i8x16.splat(load<i8>(from));
    do {
      v128.store(to, block);
      to += BLOCK;
    } while (to < end);
  } else {
    do store<u8>(to++, load<u8>(from++));
    while (to < end);
  }
  return end;
}

/** Inflates as long as there is plenty of input and of room for output, or to the end of the block. */
export function inflateFast(stream: Stream, toEnd: usize, window: usize): i32 {
  const literals = changetype<usize>(stream) + LITERALS_OFFSET;
  const distances = changetype<usize>(stream) + DISTANCES_OFFSET;
  const lastTo = toEnd - LONGEST_MATCH - LITERALS_A_TURN;
  let from = stream.from;
  let to = stream.to;
  if (stream.end < from + INPUT_A_TURN || to > lastTo) return Halt.Done;
  const lastFrom = stream.end - INPUT_A_TURN;
  let bits = stream.bits;
  let bitCount = stream.bitCount;
  let halt: i32 = Halt.Done;
  while (from <= lastFrom && to <= lastTo) {
    bits |= load<u64>(from) << <u64>bitCount;
    from += (63 - bitCount) >> 3;
    bitCount |= 56;
    let entry = load<u32>(literals + (<usize>(bits & LITERAL_MASK) << 2));
    if (entry & LITERAL) {
      bits >>= <u64>entry;
      bitCount -= entry & 63;
      store<u8>(to++, <u8>(entry >> 16));
      entry = load<u32>(literals + (<usize>(bits & LITERAL_MASK) << 2));
      if (entry & LITERAL) {
        bits >>= <u64>entry;
        bitCount -= entry & 63;
        store<u8>(to++, <u8>(entry >> 16));
        entry = load<u32>(literals + (<usize>(bits & LITERAL_MASK) << 2));
        if (entry & LITERAL) {
          bits >>= <u64>entry;
          bitCount -= entry & 63;
          store<u8>(to++, <u8>(entry >> 16));
          continue;
        }
      }
    }
    if (entry & SPECIAL) {
      if (entry & SUBTABLE) {
        bits >>= LITERAL_BITS;
        bitCount -= LITERAL_BITS;
        entry = subtableEntry(literals, entry, bits);
        if (entry & LITERAL) {
          bits >>= <u64>entry;
          bitCount -= entry & 63;
          store<u8>(to++, <u8>(entry >> 16));
          continue;
        }
      }
      if (entry & SPECIAL) {
        bits >>= <u64>entry;
        bitCount -= entry & 63;
        if (entry & BLOCK_END) endBlock(stream);
        else halt = Halt.Code;
        break;
      }
    }
    const length = addExtra(entry, bits);
    bits >>= <u64>entry;
    bitCount -= entry & 63;
    bits |= load<u64>(from) << <u64>bitCount;
    from += (63 - bitCount) >> 3;
    bitCount |= 56;
    entry = load<u32>(distances + (<usize>(bits & DISTANCE_MASK) << 2));
    if (entry & SPECIAL) {
      if (entry & SUBTABLE) {
        bits >>= DISTANCE_BITS;
        bitCount -= DISTANCE_BITS;
        entry = subtableEntry(distances, entry, bits);
      }
      if (entry & SPECIAL) {
        halt = Halt.Code;
        break;
      }
    }
    const distance = addExtra(entry, bits);
    bits >>= <u64>entry;
    bitCount -= entry & 63;
    if (distance > to - window) {
      halt = Halt.Distance;
      break;
    }
    to = copyMatch(to, distance, length);
  }
  stream.from = from;
  stream.to = to;
  stream.bits = bits & ((<u64>1 << <u64>bitCount) - 1);
  stream.bitCount = bitCount;
  return halt;
}

/** The same, a symbol at a time, up to the last bit of the input; a symbol that has not all come is not read. */
export function inflateSlowly(stream: Stream, toEnd: usize, window: usize): i32 {
  const literals = changetype<usize>(stream) + LITERALS_OFFSET;
  const distances = changetype<usize>(stream) + DISTANCES_OFFSET;
  while (true) {
    if (stream.to + LONGEST_MATCH > toEnd) return Halt.Output;
    // Nothing of what a symbol takes is longer than 48 bits.
    while (stream.bitCount <= 48 && stream.from < stream.end) {
      stream.bits |= (<u64>load<u8>(stream.from++)) << <u64>stream.bitCount;
      stream.bitCount += 8;
    }
    let bits = stream.bits;
    let bitCount = stream.bitCount;
    let entry = load<u32>(literals + (<usize>(bits & LITERAL_MASK) << 2));
    if (entry & SUBTABLE && (entry & LITERAL) == 0) {
      bits >>= LITERAL_BITS;
      bitCount -= LITERAL_BITS;
      entry = subtableEntry(literals, entry, bits);
    }
    const literalBits = bits;
    bits >>= <u64>entry;
    bitCount -= entry & 63;
    if (bitCount < 0) return Halt.Input;
    if (entry & LITERAL) store<u8>(stream.to++, <u8>(entry >> 16));
    else if (entry & SPECIAL) {
      if ((entry & BLOCK_END) == 0) return Halt.Code;
      endBlock(stream);
    } else {
      const length = addExtra(entry, literalBits);
      entry = load<u32>(distances + (<usize>(bits & DISTANCE_MASK) << 2));
      if (entry & SUBTABLE) {
        bits >>= DISTANCE_BITS;
        bitCount -= DISTANCE_BITS;
        entry = subtableEntry(distances, entry, bits);
      }
      const distance = addExtra(entry, bits);
      bits >>= <u64>entry;
      bitCount -= entry & 63;
      if (bitCount < 0) return Halt.Input;
      if (entry & SPECIAL) return Halt.Code;
      if (distance > stream.to - window) return Halt.Distance;
      stream.to = copyMatch(stream.to, distance, length);
    }
    stream.bits = bits;
    stream.bitCount = bitCount;
    if (entry & BLOCK_END && (entry & LITERAL) == 0) return Halt.Done;
  }
}
