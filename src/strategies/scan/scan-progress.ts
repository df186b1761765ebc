import type { RawItem } from '../../aws/dynamodb/attribute-value.ts';
import type { JsonObject } from '../../json/json-object.ts';
import {
  type ScanScope,
  type ScanState,
  type SegmentState,
  toFinishedState,
} from './scan-state.ts';

/**
 * Where each segment of one table's scan stands.
 *
 * A `LastEvaluatedKey` is only valid for the `TotalSegments` that produced it, so the count is part of the state and a
 * resumed scan keeps it. A key that lags behind causes items to be read again, never skipped.
 *
 * @see https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Scan.html#Scan.ParallelScan
 */
export class ScanProgress {
  readonly totalSegments: number;
  readonly #scope: ScanScope;
  readonly #segments: Map<number, SegmentState>;

  constructor(
    totalSegments: number,
    scope: ScanScope = {},
    segments: readonly SegmentState[] = [],
  ) {
    this.totalSegments = totalSegments;
    this.#scope = scope;
    this.#segments = new Map(segments.map((state) => [state.segment, state]));
  }

  static resume(scan: ScanState): ScanProgress {
    const { total_segments: totalSegments, segments, slice, index_name: indexName } = scan;
    const scope = {
      ...(slice && { slice }),
      ...(indexName && { index_name: indexName }),
      ...(scan.selection !== undefined && { selection: scan.selection }),
    };
    return new ScanProgress(totalSegments, scope, segments);
  }

  /** The segments of the slice that are still to be read, and the key that each starts after. */
  *openSegments(): Generator<{ readonly segment: number; readonly startKey?: RawItem }> {
    const { index, count } = this.#scope.slice ?? { index: 0, count: 1 };
    for (let segment = index; segment < this.totalSegments; segment += count) {
      const state = this.#segments.get(segment);
      if (state?.complete === true) continue;
      const startKey = state?.exclusive_start_key;
      yield { segment, ...(startKey && { startKey }) };
    }
  }

  /** How many segments of the slice are still to be read. */
  get openCount(): number {
    const { index, count } = this.#scope.slice ?? { index: 0, count: 1 };
    const states = [...this.#segments.values()];
    const complete = states.filter((state) => state.complete && state.segment % count === index);
    return Math.ceil((this.totalSegments - index) / count) - complete.length;
  }

  /** Notes that a page was passed on: the segment continues after this key, or is complete if there is none. */
  advance(segment: number, lastEvaluatedKey: RawItem | undefined): void {
    this.#segments.set(
      segment,
      lastEvaluatedKey === undefined
        ? { segment, complete: true }
        : { segment, exclusive_start_key: lastEvaluatedKey, complete: false },
    );
  }

  /** The state as it stands now. */
  toState(): ScanState {
    const segments = [...this.#segments.values()].sort((a, b) => a.segment - b.segment);
    return { total_segments: this.totalSegments, ...this.#scope, segments };
  }

  /** The state once every segment of the slice is complete. */
  toFinishedState(): JsonObject {
    return toFinishedState(this.#scope, this.totalSegments);
  }
}
