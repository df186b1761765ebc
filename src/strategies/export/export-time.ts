const MICROSECONDS_PER_MS = 1000;
const MS_PER_SECOND = 1000;

/** Microseconds since 1970 of a time in milliseconds. */
export function toMicroseconds(ms: number): number {
  return ms * MICROSECONDS_PER_MS;
}

/** `2026-11-26T12:03:20.123456Z`, from microseconds since 1970. */
export function renderMicroseconds(microseconds: number): string {
  const fraction = microseconds % MICROSECONDS_PER_MS;
  const text = new Date(Math.floor(microseconds / MICROSECONDS_PER_MS)).toISOString();
  return `${text.slice(0, -1)}${String(fraction).padStart(3, '0')}Z`;
}

/** The whole second of a time; in milliseconds. Exports know no finer times. */
export function floorToSecond(ms: number): number {
  return Math.floor(ms / MS_PER_SECOND) * MS_PER_SECOND;
}

/** The first whole second that is not before a time; in milliseconds. */
export function ceilToSecond(ms: number): number {
  return Math.ceil(ms / MS_PER_SECOND) * MS_PER_SECOND;
}

/** Milliseconds since 1970 of a time in the form of ISO 8601; undefined for any other text. */
export function parseTime(text: unknown): number | undefined {
  if (typeof text !== 'string' || !/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/.test(text)) {
    return undefined;
  }
  const ms = Date.parse(text);
  return Number.isNaN(ms) ? undefined : ms;
}

/** A time as states and messages have it: without its milliseconds where there are none. */
export function renderTime(ms: number): string {
  return new Date(ms).toISOString().replace('.000Z', 'Z');
}

/** When an export was started, in milliseconds since 1970: the id that its ARN or folder ends with begins with that. */
export function readStartTime(place: string): number {
  const [, digits] = /\/(\d+)-[^/]*\/?$/.exec(place) ?? [];
  return digits === undefined ? Infinity : Number(digits);
}
