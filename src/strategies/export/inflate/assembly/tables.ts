/*
 * Tables for decoding Huffman codes, an entry of 32 bits for each possible value of the next bits of the input:
 *
 *   bits 0 to 5    bits that are read: those of the code and its extra bits
 *   bits 8 to 11   those of the code alone; of a subtable, the bits that index it
 *   bit 12         no such code
 *   bit 13         end of the block
 *   bit 14         the code is longer: look into a subtable
 *   bit 15         one of these three
 *   bits 16 to 30  the literal, the base of the length or the distance, or the index of the subtable
 *   bit 31         a literal
 */
export const INVALID: u32 = 1 << 12;
export const BLOCK_END: u32 = 1 << 13;
export const SUBTABLE: u32 = 1 << 14;
export const SPECIAL: u32 = 1 << 15;
export const LITERAL: u32 = 1 << 31;

export const LITERAL_BITS: i32 = 11;
export const DISTANCE_BITS: i32 = 8;
export const LENGTH_CODE_BITS: i32 = 7;

const LONGEST_CODE = 15;
const END_OF_BLOCK = 256;

/** Kinds of codes. */
export const enum Code {
  Lengths,
  Literals,
  Distances,
}

const LENGTH_BASES = memory.data<u16>([
  3, 4, 5, 6, 7, 8, 9, 10, 11, 13, 15, 17, 19, 23, 27, 31, 35, 43, 51, 59, 67, 83, 99, 115, 131, 163, 195, 227, 258,
]);
const LENGTH_EXTRAS = memory.data<u8>([
  0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3, 4, 4, 4, 4, 5, 5, 5, 5, 0,
]);
const LENGTH_SYMBOLS = 29;
const DISTANCE_SYMBOLS = 30;

/** For each length of a code: how many there are, and the next of them. */
const counts = memory.data(4 * (LONGEST_CODE + 1));
const nextCodes = memory.data(4 * (LONGEST_CODE + 1));
/** For each value of the bits of the main table, how many more bits the longest code has that begins with them. */
const subBits = memory.data(1 << 11);

/** What a symbol's entry has besides the bits of its code. */
function describe(kind: i32, symbol: i32): u32 {
  if (kind == Code.Lengths) return (<u32>symbol) << 16;
  if (kind == Code.Distances) {
    if (symbol >= DISTANCE_SYMBOLS) return INVALID | SPECIAL;
    if (symbol < 4) return (<u32>(symbol + 1)) << 16;
    const extra = (symbol >> 1) - 1;
    return (<u32>(((2 + (symbol & 1)) << extra) + 1) << 16) | extra;
  }
  if (symbol < END_OF_BLOCK) return LITERAL | ((<u32>symbol) << 16);
  if (symbol == END_OF_BLOCK) return BLOCK_END | SPECIAL;
  const index = symbol - END_OF_BLOCK - 1;
  if (index >= LENGTH_SYMBOLS) return INVALID | SPECIAL;
  return (
    (<u32>load<u16>(LENGTH_BASES + ((<usize>index) << 1)) << 16) | load<u8>(LENGTH_EXTRAS + <usize>index)
  );
}

function reverse(code: u32, length: i32): u32 {
  let reversed: u32 = 0;
  for (let bit = 0; bit < length; bit++) reversed |= ((code >> bit) & 1) << (length - 1 - bit);
  return reversed;
}

/**
 * Builds the table of a code from the lengths of its symbols, a byte each; false for lengths that make none. As zlib
 * does, it takes a code of one symbol alone, and no code at all for distances, of which there are none then.
 */
export function buildTable(kind: i32, table: usize, bits: i32, lengths: usize, symbols: i32): bool {
  memory.fill(counts, 0, 4 * (LONGEST_CODE + 1));
  for (let symbol = 0; symbol < symbols; symbol++) {
    const address = counts + ((<usize>load<u8>(lengths + symbol)) << 2);
    store<u32>(address, load<u32>(address) + 1);
  }
  let longest = LONGEST_CODE;
  while (longest > 0 && load<u32>(counts + ((<usize>longest) << 2)) == 0) longest--;
  let left = 1;
  let code: u32 = 0;
  for (let length = 1; length <= LONGEST_CODE; length++) {
    const count = load<u32>(counts + ((<usize>length) << 2));
    store<u32>(nextCodes + ((<usize>length) << 2), code);
    code = (code + count) << 1;
    left = (left << 1) - <i32>count;
    if (left < 0) return false;
  }
  if (left > 0 && longest > 1) return false;
  if (longest == 0 && kind != Code.Distances) return false;
  if (left > 0 && kind == Code.Lengths) return false;
  fillTable(kind, table, bits, lengths, symbols, longest);
  return true;
}

function fillTable(kind: i32, table: usize, bits: i32, lengths: usize, symbols: i32, longest: i32): void {
  const size = 1 << bits;
  const mask = <u32>size - 1;
  // What no code begins with.
  for (let index = 0; index < size; index++) store<u32>(table + ((<usize>index) << 2), INVALID | SPECIAL | 1);
  if (longest > bits) measureSubtables(bits, lengths, symbols);
  let free = <u32>size;
  for (let symbol = 0; symbol < symbols; symbol++) {
    const length = <i32>load<u8>(lengths + symbol);
    if (length == 0) continue;
    const reversed = takeCode(length);
    const entry = describe(kind, symbol) + <u32>((length << 8) | length);
    if (length <= bits) {
      fill(table, reversed, size, length, entry);
      continue;
    }
    const place = table + ((<usize>(reversed & mask)) << 2);
    const more = <i32>load<u8>(subBits + <usize>(reversed & mask));
    if ((load<u32>(place) & SUBTABLE) == 0) {
      store<u32>(place, (free << 16) | SUBTABLE | SPECIAL | <u32>(more << 8) | <u32>bits);
      free += 1 << more;
    }
    const subtable = table + ((<usize>(load<u32>(place) >> 16)) << 2);
    // The bits of the main table have been read already.
    fill(subtable, reversed >> bits, 1 << more, length - bits, entry - <u32>((bits << 8) | bits));
  }
}

/** Every other index of the table whose low bits are those of the code. */
function fill(table: usize, code: u32, size: i32, length: i32, entry: u32): void {
  for (let index = code; index < <u32>size; index += 1 << length) {
    store<u32>(table + ((<usize>index) << 2), entry);
  }
}

function takeCode(length: i32): u32 {
  const address = nextCodes + ((<usize>length) << 2);
  const code = load<u32>(address);
  store<u32>(address, code + 1);
  return reverse(code, length);
}

/** A walk through all codes, after which each length begins with its first one again. */
function measureSubtables(bits: i32, lengths: usize, symbols: i32): void {
  const mask = (1 << bits) - 1;
  memory.fill(subBits, 0, 1 << bits);
  for (let symbol = 0; symbol < symbols; symbol++) {
    const length = <i32>load<u8>(lengths + symbol);
    if (length <= bits) continue;
    const address = subBits + <usize>(takeCode(length) & mask);
    if (<i32>load<u8>(address) < length - bits) store<u8>(address, <u8>(length - bits));
  }
  for (let length = bits + 1; length <= LONGEST_CODE; length++) {
    const address = nextCodes + ((<usize>length) << 2);
    store<u32>(address, load<u32>(address) - load<u32>(counts + ((<usize>length) << 2)));
  }
}
