import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

import type { Command } from './measure.ts';
import type { RunTarget } from './runners.ts';

const MAIN = fileURLToPath(new URL('../../main.js', import.meta.url));
const MAX_CATALOG_BYTES = 1 << 28;
// A text in every shape of item.
const CURSOR = 'sk';

/**
 * Sets up the connector as its user would: a config, and a catalog of the connector's own making, so that the read
 * checks every attribute against a real schema.
 */
export async function prepareConnector(
  target: RunTarget,
  env: Readonly<Record<string, string>>,
  runner: 'connector' | 'cursor' | 'again',
): Promise<Command> {
  const configFile = join(target.directory, 'config.json');
  const catalogFile = join(target.directory, 'catalog.json');
  const config = {
    region: 'us-east-1',
    endpoint: target.endpoint,
    credentials: { auth_type: 'User', access_key_id: 'bench', secret_access_key: 'bench' },
    tables: target.tables,
    scan: { segments: target.segments, ...target.scan },
    discover_sample_size: 1000,
    ...(target.changes === true && {
      replication_method: { method: 'Streams', initial_snapshot: 'none' },
    }),
    ...(target.concurrentStreams !== undefined && {
      concurrent_streams: target.concurrentStreams,
    }),
  };
  await writeFile(configFile, JSON.stringify(config));
  const mode = chooseMode(runner, target.changes === true);
  const args = [MAIN, 'catalog', '--config', configFile, '--sync-mode', ...mode];
  const { stdout } = await promisify(execFile)(target.node, args, {
    env: { ...process.env, ...env },
    maxBuffer: MAX_CATALOG_BYTES,
  });
  await writeFile(catalogFile, stdout);
  const read = [MAIN, 'read', '--config', configFile, '--catalog', catalogFile];
  if (runner === 'again') read.push('--state', await writeCursorState(target));
  return { program: target.node, args: read };
}

/** The state that an earlier sync has left. The server finds one item in a thousand behind any cursor. */
async function writeCursorState({ directory, tables: [name] }: RunTarget): Promise<string> {
  const file = join(directory, 'state.json');
  const stream_state = { cursor_field: [CURSOR], cursor: '2024', cursor_type: 'S' };
  const stream = { stream_descriptor: { name }, stream_state };
  await writeFile(file, JSON.stringify([{ type: 'STREAM', stream }]));
  return file;
}

/** How the streams are read: changes and cursors are incremental. */
function chooseMode(runner: string, readsChanges: boolean): readonly string[] {
  if (runner !== 'connector') return ['incremental', '--cursor', CURSOR];
  return [readsChanges ? 'incremental' : 'full_refresh'];
}
