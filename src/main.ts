#!/usr/bin/env node
// Node 12, which some distributions still ship, cannot require it as `node:module`.
import module from 'module';
import { describeOldNode } from './node-version.ts';

// An old Node parses this whole file before it runs any of it, so nothing here is newer than ES2019: no top-level
// await, no `?.`. What `start` imports may fail to load, or to work, there.
const oldNode = describeOldNode(process.versions.node);
if (oldNode === undefined) start();
else {
  process.stderr.write(`${oldNode}\n`);
  process.exitCode = 1;
}

function start(): void {
  // Keeps compiled code from run to run, if Node can (22.8 and later) and has a writable folder for it. Whatever is
  // imported before this is compiled again each time, so everything else comes after it.
  const { enableCompileCache } = module as { enableCompileCache?: () => unknown };
  if (enableCompileCache !== undefined) enableCompileCache();
  void import('./run.ts');
}
