import {
  ConfigError,
  type ConnectorError,
  type FailureDetails,
  type FailureReason,
  TransientError,
} from '../../errors.ts';
import type { FailedCall } from './failed-call.ts';

/** The parts of an AWS or Node error that classification looks at. */
export interface AwsError {
  readonly name: string;
  readonly message: string;
  readonly code?: string;
  /** The HTTP status. */
  readonly status?: number;
  /** The host that was asked, as https://host:port, where it is known. */
  readonly host?: string;
  /** The path of the file that the error is about. */
  readonly path?: string;
}

/** What an error is turned into. */
export interface Rule {
  readonly kind: new (message: string, details: FailureDetails) => ConnectorError;
  readonly reason: FailureReason;
  readonly sentence: (call: FailedCall, error: AwsError) => string;
}

/** Rules by the name of an exception, or by a code; some exceptions have several meanings, told apart by their text. */
export type RuleTable = ReadonlyMap<string, RuleEntry>;

type RuleEntry = Rule | ((error: AwsError) => Rule);

/** A rule for what the user must fix. */
export function config(reason: FailureReason, sentence: Rule['sentence']): Rule {
  return { kind: ConfigError, reason, sentence };
}

/** A rule for what is temporary. */
export function transient(reason: FailureReason, sentence: Rule['sentence']): Rule {
  return { kind: TransientError, reason, sentence };
}

/** A table of rules. */
export function tableOf(rules: Readonly<Record<string, RuleEntry>>): RuleTable {
  return new Map(Object.entries(rules));
}
