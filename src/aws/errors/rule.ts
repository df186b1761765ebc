import {
  ConfigError,
  type ConnectorError,
  type FailureDetails,
  type FailureReason,
  TransientError,
} from '../../errors.ts';
import type { FailedCall } from './failed-call.ts';

/** What is looked at of an error of AWS or of Node. */
export interface AwsError {
  readonly name: string;
  readonly message: string;
  readonly code?: string;
  /** Of HTTP. */
  readonly status?: number;
  /** The host that was asked, as https://host:port, where it is known. */
  readonly host?: string;
  /** Of a file. */
  readonly path?: string;
}

/** What becomes of an error. */
export interface Rule {
  readonly kind: new (message: string, details: FailureDetails) => ConnectorError;
  readonly reason: FailureReason;
  readonly sentence: (call: FailedCall, error: AwsError) => string;
}

/** Rules by the name of an exception, or by a code; some exceptions mean several things, which only their text tells. */
export type RuleTable = ReadonlyMap<string, RuleEntry>;

type RuleEntry = Rule | ((error: AwsError) => Rule);

/** A rule for what the user must mend. */
export function config(reason: FailureReason, sentence: Rule['sentence']): Rule {
  return { kind: ConfigError, reason, sentence };
}

/** A rule for what passes. */
export function transient(reason: FailureReason, sentence: Rule['sentence']): Rule {
  return { kind: TransientError, reason, sentence };
}

/** A table of rules. */
export function tableOf(rules: Readonly<Record<string, RuleEntry>>): RuleTable {
  return new Map(Object.entries(rules));
}
