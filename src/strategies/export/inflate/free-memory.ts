import { MessageChannel } from 'node:worker_threads';

// What is posted to a closed port is gone for the sender all the same.
// https://html.spec.whatwg.org/multipage/web-messaging.html#message-port-post-message-steps
const { port1: nowhere } = new MessageChannel();
nowhere.close();

/** Frees memory at once; the garbage collector comes only when there are 32 MiB of it, in each thread. */
export function freeMemory({ buffer }: Uint8Array<ArrayBuffer>): void {
  nowhere.postMessage(undefined, [buffer]);
}
