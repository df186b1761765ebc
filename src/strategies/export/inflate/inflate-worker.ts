import { parentPort, workerData } from 'node:worker_threads';
import { GzipError } from './gzip-error.ts';
import { GzipStream, type Inflated } from './gzip-stream.ts';
import type { InflateAnswer, InflateRequest } from './inflate-messages.ts';
import { placeAt } from './inflate-memory.ts';
import { instantiateInflate } from './inflate-module.ts';

// The thread that inflates, decompressing and hashing files that another thread fetches and reads.
const memory = workerData as WebAssembly.Memory;
const bytes = Buffer.from(memory.buffer);
const module = instantiateInflate(memory);
const streams = new Map<number, GzipStream>();

parentPort?.on('message', (request: InflateRequest) => {
  parentPort?.postMessage({ place: request.place, ...answer(request) } satisfies InflateAnswer);
});

function answer(request: InflateRequest): Inflated | { readonly damage: string } {
  try {
    return inflate(request);
  } catch (error) {
    if (error instanceof GzipError) return { damage: error.message };
    throw error;
  }
}

function inflate({ place, isNew, input, output }: InflateRequest): Inflated {
  const known = isNew ? undefined : streams.get(place);
  const stream = known ?? new GzipStream({ module, bytes, place: placeAt(place) });
  streams.set(place, stream);
  if (input !== undefined) stream.feed(input.length, input.isAtEnd);
  return stream.inflate(output);
}
