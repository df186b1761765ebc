import { createMemory, GUARD_BYTES } from '../page-memory.ts';
import { LineBuffer } from './line-buffer.ts';
import {
  LARGEST_GROWTH,
  type RunResult,
  RunTranscoder,
  type RunTranscoderInput,
} from './run-transcoder.ts';
import { LARGEST_OVERHEAD_BYTES } from './session-area.ts';

/** Items that are too long for the memory that all sessions share, and what surrounds their data. */
export interface LongRun {
  readonly items: Uint8Array;
  readonly columns?: Uint8Array | undefined;
  readonly separator?: Uint8Array | undefined;
  readonly suffix: Uint8Array;
}

/**
 * Transcodes a run in a memory of its own, so that no other session is affected and no memory of that size remains.
 *
 * The session's area is copied there and back: its attributes are the same, at the same addresses.
 */
export function transcodeApart(
  { memory, ...input }: RunTranscoderInput,
  { items, columns, separator, suffix }: LongRun,
  lines: LineBuffer,
): RunResult {
  const { area } = input;
  const inputBytes = items.length + GUARD_BYTES;
  const outputBytes = LARGEST_GROWTH * inputBytes + LARGEST_OVERHEAD_BYTES;
  const address = area.endAddress;
  const apart = createMemory(address + inputBytes + outputBytes);
  const bytes = Buffer.from(apart.buffer);
  const shared = Buffer.from(memory.buffer);
  bytes.set(items, address);
  area.copy(shared, bytes);
  try {
    const transcoder = new RunTranscoder({ ...input, memory: apart });
    transcoder.setSuffix(suffix);
    const written = new LineBuffer(bytes.subarray(address + inputBytes));
    const result = transcoder.transcode(
      { address, length: items.length, columns, separator },
      written,
    );
    lines.add(written.lines);
    return result;
  } finally {
    area.copy(bytes, shared);
  }
}
