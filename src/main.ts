#!/usr/bin/env node
// Node 12, which some distributions still bring, does not require it as `node:module`.
import module from 'module';
import { describeOldNode } from './node-version.ts';

// An old Node parses this file whole before it runs any of it, so nothing here is newer than ES2019: no await at the top,
// no `?.`. What is imported by `start` may fail to load, or to work, there.
const oldNode = describeOldNode(process.versions.node);
if (oldNode === undefined) start();
else {
  process.stderr.write(`${oldNode}\n`);
  process.exitCode = 1;
}

function start(): void {
  // Keeps compiled code from run to run, where Node can (22.8 and later) and a folder for it can be written. What is
  // imported before this is compiled again each time, so everything else is behind it.
  const { enableCompileCache } = module as { enableCompileCache?: () => unknown };
  if (enableCompileCache !== undefined) enableCompileCache();
  void import('./run.ts');
}
