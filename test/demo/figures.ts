const COUNT_FORMAT = new Intl.NumberFormat('en-US');

/** `28,000`. */
export function formatCount(count: number): string {
  return COUNT_FORMAT.format(count);
}

/** `12,300/s`, to three digits: more would change from run to run. */
export function formatRate(count: number, seconds: number): string {
  const rate = seconds === 0 ? 0 : count / seconds;
  return `${formatCount(Number(rate.toPrecision(3)))}/s`;
}
