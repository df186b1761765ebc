import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

import type { Command } from './measure.ts';
import type { RunTarget } from './runners.ts';

const MAIN = fileURLToPath(new URL('../../main.js', import.meta.url));
const MAX_CATALOG_BYTES = 1 << 28;

/**
 * Sets up the connector as its user would: a config, and a catalog of the connector's own making, so that the read
 * checks every attribute against a real schema.
 */
export async function prepareConnector(
  target: RunTarget,
  env: Readonly<Record<string, string>>,
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
  const syncMode = target.changes === true ? 'incremental' : 'full_refresh';
  const args = [MAIN, 'catalog', '--config', configFile, '--sync-mode', syncMode];
  const { stdout } = await promisify(execFile)(target.node, args, {
    env: { ...process.env, ...env },
    maxBuffer: MAX_CATALOG_BYTES,
  });
  await writeFile(catalogFile, stdout);
  const read = [MAIN, 'read', '--config', configFile, '--catalog', catalogFile];
  return { program: target.node, args: read };
}
