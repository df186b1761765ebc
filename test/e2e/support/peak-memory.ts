/**
 * Loaded into the connector: it writes the largest resident set, in KiB, when the process ends. Linux counts in a
 * process's own maxRSS what its parent had when it started it.
 */
export const WRITE_PEAK = `
const { existsSync, readFileSync, writeFileSync } = require('node:fs');
const STATUS = '/proc/self/status';
process.on('exit', () => {
  const peak = existsSync(STATUS)
    ? /^VmHWM:\\s*(\\d+)/m.exec(readFileSync(STATUS, 'latin1'))[1]
    : process.resourceUsage().maxRSS;
  writeFileSync(process.env.PEAK_FILE, String(peak));
});
`;
