import { endBlock, Halt, Phase, Stream } from './stream';
import { readHeader } from './header';
import { inflateFast, inflateSlowly } from './codes';

export { foldCrc32 } from '../../../../records/assembly/crc32';

/** Copies bytes, which may overlap; in memory that threads share, JavaScript does so more slowly. */
export function move(to: usize, from: usize, length: usize): void {
  memory.copy(to, from, length);
}

/** Forgets all that was read of a stream before. */
export function begin(stream: Stream): void {
  stream.bits = 0;
  stream.bitCount = 0;
  stream.isLast = 0;
  stream.phase = Phase.Header;
}

/** Says where the input goes on; what was not read of the one before has to stand at its beginning. */
export function setInput(stream: Stream, from: usize, end: usize): void {
  stream.from = from;
  stream.end = end;
}

/** Address of the next byte that is to be read. */
export function getFrom(stream: Stream): usize {
  return stream.from;
}

/** Address behind the last byte that was written. */
export function getTo(stream: Stream): usize {
  return stream.to;
}

/**
 * Inflates until a `Halt`, which it returns.
 *
 * @param to where the output goes on, directly behind what was written before.
 * @param toEnd behind the output; beyond it, at most 32 bytes are overwritten.
 * @param window the first byte of the output that is still there.
 */
export function inflate(stream: Stream, to: usize, toEnd: usize, window: usize): i32 {
  stream.to = to;
  let halt: i32 = Halt.Done;
  do {
    if (stream.phase == Phase.Header) halt = readHeader(stream);
    else if (stream.phase == Phase.Stored) halt = copyStored(stream, toEnd);
    else if (stream.phase == Phase.Codes) {
      halt = inflateFast(stream, toEnd, window);
      if (halt == Halt.Done && stream.phase == Phase.Codes) halt = inflateSlowly(stream, toEnd, window);
    }
  } while (halt == Halt.Done && stream.phase != Phase.Done);
  returnBytes(stream);
  return halt;
}

/** Whole bytes that were taken, but not read, belong to the input. */
function returnBytes(stream: Stream): void {
  // The bits behind the end of a stream are padding.
  stream.from -= stream.bitCount >> 3;
  stream.bitCount &= 7;
  if (stream.phase == Phase.Done) stream.bitCount = 0;
  stream.bits &= (1 << stream.bitCount) - 1;
}

function copyStored(stream: Stream, toEnd: usize): i32 {
  const length = min<usize>(stream.stored, min<usize>(stream.end - stream.from, toEnd - stream.to));
  memory.copy(stream.to, stream.from, length);
  stream.to += length;
  stream.from += length;
  stream.stored -= <i32>length;
  if (stream.stored == 0) {
    endBlock(stream);
    return Halt.Done;
  }
  return stream.to == toEnd ? Halt.Output : Halt.Input;
}
