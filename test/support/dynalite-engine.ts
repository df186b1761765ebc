import dynalite from 'dynalite';
import type { Engine } from './engine.ts';
import { closeHttpServer, listenLocally } from './listen.ts';

/** Starts dynalite in this process, in memory, on a port of 127.0.0.1, any free one by default (about 60 ms). */
export async function startDynalite(wanted?: number): Promise<Engine> {
  const server = dynalite({ createTableMs: 0, deleteTableMs: 0, updateTableMs: 0 });
  const port = await listenLocally(server, wanted);
  return {
    name: 'dynalite',
    endpoint: `http://127.0.0.1:${port}`,
    region: 'us-east-1',
    accessKeyId: 'AKIADYNALITEEXAMPLE0',
    secretAccessKey: 'dynalite-secret-access-key',
    stop: () => closeHttpServer(server),
  };
}
