import type { Socket } from 'node:net';

/** How the server slows its answers down. */
export interface Pace {
  /** Milliseconds from a request to the first byte of its page. */
  readonly delayMs: number;
  /** Bytes a second on each connection; 0 = as fast as the socket takes them. */
  readonly bytesPerSecond: number;
}

const TICK_MS = 5;

/** Writes the pieces of a response in one system call. */
export function writeAtOnce(socket: Socket, pieces: readonly Buffer[]): void {
  socket.cork();
  for (const piece of pieces) socket.write(piece);
  socket.uncork();
}

/** Writes a page at its pace, then calls `onDone` with the milliseconds from the request to the last write. */
export function writePaced(
  socket: Socket,
  pieces: readonly Buffer[],
  { pace, onDone }: { readonly pace: Pace; readonly onDone: (servedMs: number) => void },
): void {
  const askedAt = performance.now();
  const finish = (): void => onDone(performance.now() - askedAt);
  const send = (): void => {
    if (pace.bytesPerSecond > 0) {
      trickle(socket, Buffer.concat(pieces), { rate: pace.bytesPerSecond / 1000, finish });
    } else {
      writeAtOnce(socket, pieces);
      finish();
    }
  };
  if (pace.delayMs === 0) send();
  else setTimeout(send, pace.delayMs);
}

interface Trickle {
  /** Bytes a millisecond. */
  readonly rate: number;
  readonly finish: () => void;
}

/** Sends by the clock rather than by ticks, so that late timers do not lower the rate. */
function trickle(socket: Socket, bytes: Buffer, { rate, finish }: Trickle): void {
  const startedAt = performance.now();
  let sent = 0;
  const tick = (): void => {
    const due = Math.min(bytes.length, Math.ceil((performance.now() - startedAt + TICK_MS) * rate));
    if (due > sent) socket.write(bytes.subarray(sent, due));
    sent = due;
    if (sent === bytes.length || socket.destroyed) finish();
    else setTimeout(tick, TICK_MS);
  };
  tick();
}
