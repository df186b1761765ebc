import { isThrottled } from './classify-error.ts';

/** What has to slow down: the one segment whose keys are hot, or every reader of the table. */
export type ThrottlingScope = 'segment' | 'table';

const HOT_KEY_RANGE = 'KeyRange';

interface ThrottlingReason {
  readonly reason?: string;
}

/**
 * What a failed call was throttled for; undefined for another failure. Without reasons, as older servers answer, it is
 * the table.
 *
 * @see https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/throttling-diagnosing.html
 */
export function findThrottlingScope(thrown: unknown): ThrottlingScope | undefined {
  if (!isThrottled(thrown)) return undefined;
  // Which of both spellings the SDK gives depends on the exception.
  const { ThrottlingReasons, throttlingReasons } = thrown as {
    readonly ThrottlingReasons?: readonly ThrottlingReason[];
    readonly throttlingReasons?: readonly ThrottlingReason[];
  };
  const reasons = ThrottlingReasons ?? throttlingReasons ?? [];
  const isHotKeyRange = ({ reason = '' }: ThrottlingReason): boolean =>
    reason.includes(HOT_KEY_RANGE);
  return reasons.length > 0 && reasons.every(isHotKeyRange) ? 'segment' : 'table';
}
