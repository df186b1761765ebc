#!/usr/bin/env node
import module from 'node:module';

// Keeps compiled code from run to run, where Node can (22.8 and later) and a folder for it can be written. What is
// imported before this is compiled anew each time, so everything else is behind it.
(module as { enableCompileCache?: () => unknown }).enableCompileCache?.();
await import('./run.ts');
