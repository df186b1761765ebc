/** Who can fix a failure; the values are Airbyte's `failure_type`. */
export type FailureType = 'config_error' | 'transient_error' | 'system_error';

/**
 * Why a call failed, for code that acts on it.
 *
 * - `throttled`: requests were too many or too large.
 * - `unanswered`: there was no answer, or only one that said to come back later.
 * - `denied`: the credentials are known, but may not make the call.
 * - `refused`: the input of the request is not valid.
 * - `position lost`: the saved position does not belong to what is read.
 * - `stale`: an iterator was not used in time; another one goes on from where it stood.
 * - `missing`: what was requested does not exist, or cannot be read at present.
 * - `nothing there`: the object or export that was asked for does not exist.
 * - `no recovery`: point-in-time recovery is not enabled for the table.
 * - `time refused`: the table cannot be exported as of the time that was asked for.
 * - `unknown key`: AWS does not know the access key, or not yet.
 * - `expired`: the credentials have expired.
 * - `credentials`: there were no credentials, or their secrets were wrong.
 * - `wrong clock`: the signature has another time than AWS.
 * - `damaged`: an answer arrived that differs from what was sent.
 * - `other`: any other failure of a call.
 */
export type FailureReason =
  | 'throttled'
  | 'unanswered'
  | 'denied'
  | 'refused'
  | 'position lost'
  | 'stale'
  | 'missing'
  | 'nothing there'
  | 'no recovery'
  | 'time refused'
  | 'unknown key'
  | 'expired'
  | 'credentials'
  | 'wrong clock'
  | 'damaged'
  | 'other';

/** What has to slow down: the one segment whose keys are hot, or every reader of the table. */
export type ThrottlingScope = 'segment' | 'table';

/** What is known about a failure besides its sentence. */
export interface FailureDetails {
  /** What really happened. */
  readonly cause?: unknown;
  /** Why the call failed; undefined for a failure without a call. */
  readonly reason?: FailureReason | undefined;
  /** What was throttled. */
  readonly throttling?: ThrottlingScope | undefined;
}

/**
 * A failure with a sentence for the user.
 *
 * `message` says what went wrong and what to do about it; `cause` is what really happened, for the log. Code that has
 * to tell failures apart looks at `reason`.
 */
export abstract class ConnectorError extends Error {
  abstract readonly failureType: FailureType;
  /** Why the call failed; undefined for a failure without a call. */
  readonly reason: FailureReason | undefined;
  /** What has to slow down after a call that was throttled; undefined after any other failure. */
  readonly throttling: ThrottlingScope | undefined;

  constructor(message: string, { reason, throttling, ...options }: FailureDetails = {}) {
    super(message, options);
    this.name = new.target.name;
    this.reason = reason;
    this.throttling = throttling;
  }
}

/** Whether a call failed for one of these reasons. */
export function isOfReason(
  thrown: unknown,
  ...reasons: readonly FailureReason[]
): thrown is ConnectorError {
  return (
    thrown instanceof ConnectorError &&
    thrown.reason !== undefined &&
    reasons.includes(thrown.reason)
  );
}

/** The user must act: fix the config, the catalog, the state or a permission. */
export class ConfigError extends ConnectorError {
  readonly failureType = 'config_error';
}

/** Trying again later helps: throttling, an outage, the network. */
export class TransientError extends ConnectorError {
  readonly failureType = 'transient_error';
}

/** A defect of the connector, or an answer that DynamoDB should never send. */
export class SystemError extends ConnectorError {
  readonly failureType = 'system_error';
}

/** Converts any thrown value into a `ConnectorError`; what is not one already becomes the cause of a `SystemError`. */
export function toConnectorError(thrown: unknown): ConnectorError {
  if (thrown instanceof ConnectorError) return thrown;
  const detail = thrown instanceof Error ? `${thrown.name}: ${thrown.message}` : String(thrown);
  return new SystemError(
    `The connector failed unexpectedly (${detail}). Please report this with the log of the run.`,
    { cause: thrown },
  );
}
