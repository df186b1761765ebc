import { renameSync, writeFileSync } from 'node:fs';
import { writeText } from '../../support/temp-files.ts';

/** Loaded into the connector: its time of day is this machine's, and so many milliseconds as a file says. */
const READ_SHIFT = `
const { readFileSync } = require('node:fs');
const realNow = Date.now;
Date.now = () => realNow() + Number(readFileSync(process.env.CLOCK_SHIFT_FILE, 'utf8'));
`;

/** A time of day that a connector and a test share. It goes on by itself, and on top of that as it is told to. */
export interface MovableClock {
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** Puts the clock forward; whoever reads it afterwards sees it. */
  advance(ms: number): void;
  /** Has a connector go by this clock. */
  readonly env: Readonly<Record<string, string>>;
}

export async function createMovableClock(): Promise<MovableClock> {
  const shiftFile = await writeText('0', '');
  const preload = await writeText(READ_SHIFT, '.cjs');
  let shiftMs = 0;
  return {
    now: () => Date.now() + shiftMs,
    advance: (ms) => {
      shiftMs += ms;
      // In one step: a connector reads it at any time.
      writeFileSync(`${shiftFile}.next`, String(shiftMs));
      renameSync(`${shiftFile}.next`, shiftFile);
    },
    env: { NODE_OPTIONS: `--require=${preload}`, CLOCK_SHIFT_FILE: shiftFile },
  };
}
