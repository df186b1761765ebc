const BYTES_PER_KB = 1000;
const BYTES_PER_MB = 1_000_000;
// Below this, one decimal of megabytes says nothing.
const LEAST_MB = 0.1;
const MS_PER_SECOND = 1000;
const SECONDS_PER_MINUTE = 60;
const MINUTES_PER_HOUR = 60;

/** A number for people: `1,234,567`, with at most one decimal. */
export function formatCount(count: number): string {
  return groupDigits(String(Math.round(count * 10) / 10));
}

/** A number and its noun: `1 retry`, `2 retries`. */
export function formatNumberOf(count: number, singular: string, plural = `${singular}s`): string {
  return `${formatCount(count)} ${count === 1 ? singular : plural}`;
}

/** An amount of bytes: `10,415.3 MB`, `12.4 KB`, `0 KB`. */
export function formatBytes(bytes: number): string {
  const megabytes = bytes / BYTES_PER_MB;
  if (megabytes < LEAST_MB) return `${formatCount(bytes / BYTES_PER_KB)} KB`;
  return `${groupDigits(megabytes.toFixed(1))} MB`;
}

// The first use of Intl takes 30 ms.
function groupDigits(text: string): string {
  const [whole = '', ...fraction] = text.split('.');
  return [whole.replace(/\B(?=(?:\d{3})+$)/g, ','), ...fraction].join('.');
}

/** A part of a whole: `12 %`, rounded down so that 100 % means all. */
export function formatShare(share: number): string {
  return `${Math.floor(share * 100)} %`;
}

/** A duration: `4.2 s`, `3 min 40 s`, `2 h 5 min`. */
export function formatDuration(ms: number): string {
  const seconds = ms / MS_PER_SECOND;
  if (seconds < SECONDS_PER_MINUTE - 0.05) return `${seconds.toFixed(1)} s`;
  const whole = Math.round(seconds);
  const minutes = Math.floor(whole / SECONDS_PER_MINUTE);
  if (minutes < MINUTES_PER_HOUR) return `${minutes} min ${whole % SECONDS_PER_MINUTE} s`;
  const wholeMinutes = Math.round(whole / SECONDS_PER_MINUTE);
  return `${formatCount(Math.floor(wholeMinutes / MINUTES_PER_HOUR))} h ${wholeMinutes % MINUTES_PER_HOUR} min`;
}
