import { writeSync } from 'node:fs';
import { Agent, request, type IncomingMessage } from 'node:http';
import { Agent as TlsAgent, request as tlsRequest } from 'node:https';

import { listSegments, readRunnerInput } from './runner-input.ts';

/**
 * The floor: Node's own HTTP client follows the start keys and copies the bodies to stdout without looking at them.
 * It signs, checks and parses nothing, so it shows what the network side of Node costs by itself.
 */
const input = readRunnerInput();
const secure = input.endpoint.startsWith('https:');
const agent = secure
  ? new TlsAgent({ keepAlive: true, maxSockets: input.segments })
  : new Agent({ keepAlive: true, maxSockets: input.segments });
const send = secure ? tlsRequest : request;

function writeAll(chunk: Buffer): void {
  for (let written = 0; written < chunk.length;) written += writeSync(1, chunk, written);
}

/** Reads one page; the next start key, which only this server also puts into a header. */
function readPage(segment: number, startKey: string | undefined): Promise<string | undefined> {
  const body = JSON.stringify({
    TableName: input.table,
    Segment: segment,
    TotalSegments: input.segments,
    ConsistentRead: true,
    ...(startKey !== undefined && { ExclusiveStartKey: { sk: { S: startKey } } }),
  });
  const headers = {
    'content-type': 'application/x-amz-json-1.0',
    'content-length': Buffer.byteLength(body),
    'x-amz-target': 'DynamoDB_20120810.Scan',
  };
  return new Promise((resolve, reject) => {
    const onResponse = (response: IncomingMessage): void => {
      const next = response.headers['x-bench-next-key'];
      response.on('data', writeAll).on('error', reject);
      response.on('end', () => resolve(typeof next === 'string' ? next : undefined));
    };
    send(input.endpoint, { method: 'POST', agent, headers }, onResponse)
      .on('error', reject)
      .end(body);
  });
}

async function readSegment(segment: number): Promise<void> {
  let key: string | undefined;
  do key = await readPage(segment, key);
  while (key !== undefined);
}

await Promise.all(listSegments(input).map(readSegment));
agent.destroy();
