import type { StreamDescriptor } from '../protocol/messages.ts';

/** The bytes of a stream's RECORD lines before their data. */
export function createRecordPrefix({ name, namespace }: StreamDescriptor): Uint8Array {
  const place = namespace === undefined ? '' : `"namespace":${JSON.stringify(namespace)},`;
  return Buffer.from(`{"type":"RECORD","record":{"stream":${JSON.stringify(name)},${place}"data":`);
}
