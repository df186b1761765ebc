import { escapeLineBreaks } from '../json/escape-line-breaks.ts';
import type { StreamDescriptor } from './messages.ts';

/** The bytes around the data of a stream's RECORD lines. */
export interface RecordLine {
  readonly prefix: Uint8Array;
  /** @param emittedAt milliseconds since 1970. */
  readonly suffix: (emittedAt: number) => Uint8Array;
}

/** The RECORD lines of a stream: `{"type":"RECORD","record":{"stream":"t","data":…,"emitted_at":1}}`. */
export function createRecordLine({ name, namespace }: StreamDescriptor): RecordLine {
  const place = namespace === undefined ? '' : `"namespace":${JSON.stringify(namespace)},`;
  const prefix = `{"type":"RECORD","record":{"stream":${JSON.stringify(name)},${place}"data":`;
  return {
    prefix: Buffer.from(escapeLineBreaks(prefix)),
    suffix: (emittedAt) => Buffer.from(`,"emitted_at":${emittedAt}}}\n`),
  };
}
