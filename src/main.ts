#!/usr/bin/env node
import module from 'node:module';

// As package.json has it under `engines`. What is imported below may fail to load, or to work, on an older Node.
const OLDEST_NODE = [20, 15] as const;

const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
if (major < OLDEST_NODE[0] || (major === OLDEST_NODE[0] && minor < OLDEST_NODE[1])) {
  process.stderr.write(
    `source-dynamodb needs Node ${OLDEST_NODE.join('.')} or newer; this is ${process.versions.node}.\n`,
  );
  process.exit(1);
}

// Keeps compiled code from run to run, where Node can (22.8 and later) and a folder for it can be written. What is
// imported before this is compiled again each time, so everything else is behind it.
(module as { enableCompileCache?: () => unknown }).enableCompileCache?.();
await import('./run.ts');
