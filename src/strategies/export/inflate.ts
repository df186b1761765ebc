import { createGunzip, type Gunzip } from 'node:zlib';

// Larger chunks are not faster, and smaller ones mean more turns of the event loop.
/** Bytes of the largest chunk that comes at a time. */
export const LARGEST_CHUNK_BYTES = 256 * 1024;

/** Bytes that are no gzip, or not all of one. */
export class GzipError extends Error {
  override readonly name = 'GzipError';
}

/**
 * Inflates gzip of any number of members, on the thread pool. Nothing at all is an empty file.
 *
 * @param parts cut anywhere; each is done with when the next one is asked for.
 * @param chunkBytes that the chunks have at most.
 * @throws GzipError for what is truncated, damaged or has anything behind it, and what `parts` throws.
 */
export async function* inflate(
  parts: AsyncIterable<Uint8Array>,
  chunkBytes: number,
): AsyncGenerator<Buffer> {
  const gunzip = createGunzip({ chunkSize: Math.min(chunkBytes, LARGEST_CHUNK_BYTES) });
  const feeding = feed(parts, gunzip);
  // It is seen when it is awaited.
  feeding.catch(() => undefined);
  try {
    for await (const chunk of gunzip) yield chunk as Buffer;
    const fed = await feeding;
    if (gunzip.bytesWritten !== fed) throw new GzipError('garbage behind the end');
  } catch (error) {
    throw isOfZlib(error) ? new GzipError(error.message, { cause: error }) : error;
  } finally {
    gunzip.destroy();
    await feeding.catch(() => undefined);
  }
}

/** Resolves to the number of bytes when all are taken. */
async function feed(parts: AsyncIterable<Uint8Array>, gunzip: Gunzip): Promise<number> {
  let fed = 0;
  try {
    for await (const part of parts) {
      if (part.length === 0) continue;
      fed += part.length;
      if (!(await take(gunzip, part))) break;
    }
    // What is ended without a byte fails as truncated.
    if (fed === 0) gunzip.push(null);
    else gunzip.end();
  } catch (error) {
    gunzip.destroy(error as Error);
    throw error;
  }
  return fed;
}

/** Whether the part was inflated; it is not when the inflating has ended, whose failure is told elsewhere. */
function take(gunzip: Gunzip, part: Uint8Array): Promise<boolean> {
  return new Promise((resolve) => {
    const onClose = (): void => {
      resolve(false);
    };
    gunzip.once('close', onClose);
    gunzip.write(part, (error) => {
      gunzip.off('close', onClose);
      resolve(error === null || error === undefined);
    });
  });
}

function isOfZlib(error: unknown): error is NodeJS.ErrnoException {
  const { code } = error as { readonly code?: unknown };
  return typeof code === 'string' && code.startsWith('Z_');
}
