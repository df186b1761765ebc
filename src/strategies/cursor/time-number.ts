/** A unit in which numbers count time since 1970. */
export interface TimeUnit {
  /** A time in milliseconds in this unit, rounded down. */
  readonly write: (ms: number) => string;
}

const FIRST_SECOND = Date.UTC(2001) / 1000;
const TEN_YEARS_SECONDS = 10 * 366 * 86_400;
// What stands for "never" or "for ever" in many tables.
const YEAR_9999 = [Date.UTC(9999) / 1000, Date.UTC(10_000) / 1000] as const;

const UNITS: readonly (TimeUnit & { readonly perSecond: number })[] = [
  { perSecond: 1, write: (ms) => String(Math.floor(ms / 1000)) },
  { perSecond: 1e3, write: (ms) => String(Math.floor(ms)) },
  { perSecond: 1e6, write: (ms) => String(BigInt(Math.floor(ms)) * 1_000n) },
  { perSecond: 1e9, write: (ms) => String(BigInt(Math.floor(ms)) * 1_000_000n) },
];

/**
 * The unit in which a number is a time between 2001 and ten years from now, or in the year 9999; undefined when there is
 * none, as for most counters.
 */
export function findTimeUnit(value: number, nowMs: number): TimeUnit | undefined {
  const latest = nowMs / 1000 + TEN_YEARS_SECONDS;
  return UNITS.find(({ perSecond }) => {
    const seconds = value / perSecond;
    const isNear = seconds >= FIRST_SECOND && seconds <= latest;
    return isNear || (seconds >= YEAR_9999[0] && seconds < YEAR_9999[1]);
  });
}
