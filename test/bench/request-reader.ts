import type { Socket } from 'node:net';

/** One HTTP request of a DynamoDB client. */
export interface ReplayRequest {
  /** The operation of `x-amz-target`, such as `Scan`. */
  readonly operation: string;
  readonly body: string;
  readonly acceptsGzip: boolean;
}

const HEAD_END = '\r\n\r\n';

/**
 * Calls `handle` for each request that arrives on a keep-alive connection.
 *
 * It knows what DynamoDB clients send and no more: a head and a body of `Content-Length` bytes, one request at a
 * time. That is far cheaper than a general HTTP server, which would take its share of the machine's two cores.
 */
export function readRequests(socket: Socket, handle: (request: ReplayRequest) => void): void {
  let pending: Buffer = Buffer.alloc(0);
  socket.on('data', (chunk: Buffer) => {
    pending = pending.length === 0 ? chunk : Buffer.concat([pending, chunk]);
    for (;;) {
      const headEnd = pending.indexOf(HEAD_END);
      if (headEnd < 0) return;
      const head = pending.toString('latin1', 0, headEnd);
      const bodyStart = headEnd + HEAD_END.length;
      const bodyEnd = bodyStart + Number(/^content-length: *(\d+)/im.exec(head)?.[1] ?? 0);
      if (pending.length < bodyEnd) return;
      const body = pending.toString('utf8', bodyStart, bodyEnd);
      pending = pending.subarray(bodyEnd);
      const operation = /^x-amz-target: *\w+\.(\w+)/im.exec(head)?.[1] ?? '';
      handle({ operation, body, acceptsGzip: /^accept-encoding:.*\bgzip\b/im.test(head) });
    }
  });
}
