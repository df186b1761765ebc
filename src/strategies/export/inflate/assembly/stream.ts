/** What is known of one stream; the host allots it, zeroed, and reads nothing of it but through the exports. */
@unmanaged
export class Stream {
  /** Address of the next byte of the input, and the bits of the byte before it that are still to be read. */
  from: usize = 0;
  bits: u64 = 0;
  bitCount: i32 = 0;
  /** Address behind the input. */
  end: usize = 0;
  /** Address of the next byte of the output. */
  to: usize = 0;
  phase: i32 = 0;
  /** Bytes of a stored block that are still to come. */
  stored: i32 = 0;
  isLast: i32 = 0;
}

/** What a stream is about to read. */
export const enum Phase {
  Header = 0,
  Codes = 1,
  Stored = 2,
  Done = 3,
}

/** Why inflating came to a halt; negative ones are damage. */
export const enum Halt {
  /** All of the stream is inflated. */
  Done = 0,
  /** The rest of the input, if there is any, is too short for what comes next. */
  Input = 1,
  /** The output is full. */
  Output = 2,
  BlockType = -1,
  StoredLength = -2,
  CodeLengths = -3,
  Code = -4,
  Distance = -5,
}

// Behind the stream itself: the lengths of all codes, and the tables of the block that is read.
export const LENGTHS_OFFSET: usize = 64;
export const LITERALS_OFFSET: usize = 64 + 512;
const LITERAL_ENTRIES = 2400;
export const DISTANCES_OFFSET: usize = LITERALS_OFFSET + 4 * LITERAL_ENTRIES;
const DISTANCE_ENTRIES = 512;
/** Bytes that a stream takes. */
export const STREAM_BYTES: usize = DISTANCES_OFFSET + 4 * DISTANCE_ENTRIES;

/** Goes on behind a block. */
export function endBlock(stream: Stream): void {
  stream.phase = stream.isLast ? Phase.Done : Phase.Header;
}
