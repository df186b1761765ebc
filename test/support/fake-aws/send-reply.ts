import type { ServerResponse } from 'node:http';
import type { FullReply, Reply } from './replies.ts';

/** Sends a reply; a client that has gone away meanwhile is not an error. */
export async function sendReply(response: ServerResponse, reply: Reply): Promise<void> {
  switch (reply.kind) {
    case 'full':
      writeHead(response, reply);
      response.end(reply.body);
      return;
    case 'truncated':
      await sendPart(response, reply.reply, reply.sentBytes);
      if (reply.end === 'fin') response.socket?.end();
      else response.socket?.resetAndDestroy();
      return;
    case 'reset':
      response.socket?.resetAndDestroy();
      return;
    case 'hang':
      await sendReply(response, await reply.next);
  }
}

function writeHead(response: ServerResponse, reply: FullReply): void {
  response.writeHead(reply.status, {
    ...reply.headers,
    'content-length': String(reply.body.length),
  });
}

/** Resolves when the part has left this process, or the client has gone. */
async function sendPart(response: ServerResponse, reply: FullReply, bytes: number): Promise<void> {
  writeHead(response, reply);
  response.flushHeaders();
  await new Promise<void>((resolve) => {
    response.once('close', resolve);
    response.write(reply.body.subarray(0, bytes), () => resolve());
  });
}
