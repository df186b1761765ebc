import { parentPort } from 'node:worker_threads';
import { GzipFile } from './gzip-file.ts';
import type { InflateAnswer, InflateRequest, InflateResult } from './inflate-messages.ts';

// The thread that decompresses and hashes files which another thread fetches and reads.
const files = new Map<number, GzipFile>();

parentPort?.on('message', (request: InflateRequest) => {
  void answer(request);
});

async function answer(request: InflateRequest): Promise<void> {
  const result = await carryOut(request);
  const answer: InflateAnswer = { id: request.id, result };
  parentPort?.postMessage(answer, result.kind === 'chunk' ? [result.chunk.buffer] : []);
}

async function carryOut({ file: number, task }: InflateRequest): Promise<InflateResult> {
  if (task.kind === 'open') {
    files.set(number, new GzipFile());
    return { kind: 'done' };
  }
  const file = files.get(number);
  if (file === undefined) return { kind: 'closed' };
  if (task.kind === 'write') return file.write(task.part);
  if (task.kind === 'end') return file.end();
  if (task.kind === 'read') return file.read();
  files.delete(number);
  return file.close();
}
