import { isJsonObject, type Json, type JsonObject } from '../support/json.ts';

/** What the saved state of a stream says, in a few lines: where each segment of its scan goes on. */
export function describeState(state: JsonObject | undefined): readonly string[] {
  if (state === undefined) return ['none: not begun'];
  if (state.scan_complete === true) return ['finished'];
  const scan = state.scan;
  const segments = isJsonObject(scan) ? scan.segments : undefined;
  if (!isJsonObject(scan) || !Array.isArray(segments)) return [JSON.stringify(state)];
  const total = Number(scan.total_segments);
  return Array.from({ length: total }, (_, number) => {
    const segment = (segments as readonly Json[])
      .filter(isJsonObject)
      .find((candidate) => candidate.segment === number);
    return `segment ${number} ${describeSegment(segment)}`;
  });
}

function describeSegment(segment: JsonObject | undefined): string {
  if (segment === undefined) return 'not begun';
  if (segment.complete === true) return 'finished';
  const startKey = segment.exclusive_start_key;
  return isJsonObject(startKey) ? `continues after ${describeKey(startKey)}` : 'not begun';
}

/** `customer C-100042, number 7000123` of a key in DynamoDB JSON. */
function describeKey(key: JsonObject): string {
  return Object.entries(key)
    .map(([name, value]) => `${name} ${describeValue(value)}`)
    .join(', ');
}

function describeValue(value: Json): string {
  return isJsonObject(value) ? Object.values(value).map(String).join() : JSON.stringify(value);
}
