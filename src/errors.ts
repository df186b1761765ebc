/** Who can mend a failure; the values are Airbyte's `failure_type`. */
export type FailureType = 'config_error' | 'transient_error' | 'system_error';

/**
 * A failure with a sentence for the user.
 *
 * `message` says what went wrong and what to do about it; `cause` is what really happened.
 */
export abstract class ConnectorError extends Error {
  abstract readonly failureType: FailureType;

  constructor(message: string, options?: { readonly cause?: unknown }) {
    super(message, options);
    this.name = new.target.name;
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
