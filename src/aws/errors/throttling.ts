import type { ThrottlingScope } from '../../errors.ts';

const HOT_KEY_RANGE = 'KeyRange';

interface ThrottlingReason {
  readonly reason?: string;
}

/**
 * What a call was throttled for. If there are no reasons, as from older servers, it is the table.
 *
 * @see https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/throttling-diagnosing.html
 */
export function findThrottlingScope(thrown: unknown): ThrottlingScope {
  // Which of the two spellings the SDK uses depends on the exception.
  const { ThrottlingReasons, throttlingReasons } = thrown as {
    readonly ThrottlingReasons?: readonly ThrottlingReason[];
    readonly throttlingReasons?: readonly ThrottlingReason[];
  };
  const reasons = ThrottlingReasons ?? throttlingReasons ?? [];
  const isHotKeyRange = ({ reason = '' }: ThrottlingReason): boolean =>
    reason.includes(HOT_KEY_RANGE);
  return reasons.length > 0 && reasons.every(isHotKeyRange) ? 'segment' : 'table';
}
