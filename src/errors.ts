/** Who can mend a failure; the values are Airbyte's `failure_type`. */
export type FailureType = 'config_error' | 'transient_error' | 'system_error';

/**
 * What a call came to, for code that goes on according to it.
 *
 * - `throttled`: asked too often or for too much.
 * - `unanswered`: nothing answered, or only that it cannot answer now.
 * - `denied`: the credentials are known, but may not make the call.
 * - `refused`: the input of the request is not valid.
 * - `position lost`: the saved position is not one of what is read.
 * - `stale`: an iterator was not used in time; another one goes on from where it stood.
 * - `missing`: what was asked about does not exist, or is not there to be read.
 * - `unknown key`: AWS does not know the access key, or not yet.
 * - `expired`: the credentials have expired.
 * - `credentials`: no credentials could be had, or not with these secrets.
 * - `wrong clock`: the signature is of another time than AWS's.
 * - `damaged`: an answer arrived otherwise than it was sent.
 * - `other`: anything else that came of a call.
 */
export type FailureReason =
  | 'throttled'
  | 'unanswered'
  | 'denied'
  | 'refused'
  | 'position lost'
  | 'stale'
  | 'missing'
  | 'unknown key'
  | 'expired'
  | 'credentials'
  | 'wrong clock'
  | 'damaged'
  | 'other';

/** What has to slow down: the one segment whose keys are hot, or every reader of the table. */
export type ThrottlingScope = 'segment' | 'table';

/** What is known of a failure beside its sentence. */
export interface FailureDetails {
  /** What really happened. */
  readonly cause?: unknown;
  /** What the call came to; undefined for a failure without a call. */
  readonly reason?: FailureReason | undefined;
  /** What a throttled call was throttled for. */
  readonly throttling?: ThrottlingScope | undefined;
}

/**
 * A failure with a sentence for the user.
 *
 * `message` says what went wrong and what to do about it; `cause` is what really happened, for the log. Code that has to
 * tell failures apart asks for `reason`.
 */
export abstract class ConnectorError extends Error {
  abstract readonly failureType: FailureType;
  /** What the call came to; undefined for a failure without a call. */
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

/** The user must act: mend the config, the catalog, the state or a permission. */
export class ConfigError extends ConnectorError {
  readonly failureType = 'config_error';
}

/** Trying again later helps: throttling, an outage, the network. */
export class TransientError extends ConnectorError {
  readonly failureType = 'transient_error';
}

/** A fault of the connector, or an answer that DynamoDB should never give. */
export class SystemError extends ConnectorError {
  readonly failureType = 'system_error';
}

/** Any thrown value as a `ConnectorError`; what is none already becomes a `SystemError` around it. */
export function toConnectorError(thrown: unknown): ConnectorError {
  if (thrown instanceof ConnectorError) return thrown;
  const detail = thrown instanceof Error ? `${thrown.name}: ${thrown.message}` : String(thrown);
  return new SystemError(
    `The connector failed unexpectedly (${detail}). Please report this with the log of the run.`,
    { cause: thrown },
  );
}
