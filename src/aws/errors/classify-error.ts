import { ConnectorError, SystemError } from '../../errors.ts';
import { COMMON_ERRORS, NOT_AWS, THROTTLED, UNAVAILABLE } from './common-errors.ts';
import { CONNECTION_ERRORS, findConnectionRule } from './connection-errors.ts';
import { CREDENTIAL_ERRORS, findFileRule } from './credential-errors.ts';
import { DYNAMODB_ERRORS } from './dynamodb-errors.ts';
import { type AwsService, describeCall, type FailedCall } from './failed-call.ts';
import { S3_ERRORS } from './s3-errors.ts';
import type { AwsError, Rule, RuleTable } from './rule.ts';
import { STREAMS_ERRORS } from './streams-errors.ts';
import { findThrottlingScope } from './throttling.ts';

/** What an exception means depends on who throws it: `AccessDenied` differs from service to service. */
const ERRORS_OF_SERVICE: Readonly<Record<AwsService, RuleTable>> = {
  dynamodb: DYNAMODB_ERRORS,
  streams: STREAMS_ERRORS,
  sts: CREDENTIAL_ERRORS,
  s3: S3_ERRORS,
  credentials: CREDENTIAL_ERRORS,
};

/** Converts an AWS, network or credentials failure into a ConnectorError, unless it already is one. */
export function classifyError(thrown: unknown, call: FailedCall): ConnectorError {
  if (thrown instanceof ConnectorError) return thrown;
  const error = describeError(thrown);
  const rule = findRule(error, call.service);
  if (rule === undefined) {
    const status = error.status === undefined ? '' : `, HTTP ${error.status}`;
    return new SystemError(
      `An unexpected answer to ${describeCall(call)}: ${error.name}: ${error.message}${status}`,
      { cause: thrown, reason: 'other' },
    );
  }
  const { kind, reason, sentence } = rule;
  return new kind(sentence(call, error), {
    cause: thrown,
    reason,
    ...(reason === 'throttled' && { throttling: findThrottlingScope(thrown) }),
  });
}

function findRule(error: AwsError, service: AwsService): Rule | undefined {
  const { name, status } = error;
  const entry =
    ERRORS_OF_SERVICE[service].get(name) ??
    COMMON_ERRORS.get(name) ??
    CONNECTION_ERRORS.get(name) ??
    findConnectionRule(error) ??
    findFileRule(error);
  if (entry !== undefined) return typeof entry === 'function' ? entry(error) : entry;
  if (status === 429) return THROTTLED;
  // 408: a proxy, or the server itself, waited too long for the request.
  if (status !== undefined && (status >= 500 || status === 408)) return UNAVAILABLE;
  // The SDK's parser failed on a body that is not JSON, or found no error name in it.
  if (['SyntaxError', 'Unknown', 'UnknownError'].includes(name)) return NOT_AWS;
  return undefined;
}

/** What errors of the SDK, Node and AwsHttp contain. */
interface ThrownError {
  readonly code?: unknown;
  readonly path?: string;
  readonly host?: string;
  readonly $metadata?: { readonly httpStatusCode?: number };
  /** As SdkHttpHandler returned it to the SDK. */
  readonly $response?: { readonly host?: string };
}

function describeError(thrown: unknown): AwsError {
  if (!(thrown instanceof Error)) return { name: 'Error', message: String(thrown) };
  const { $metadata, $response, code, host } = thrown as ThrownError;
  // If a Node error is the cause of another error, it is the one that really happened.
  const inner = thrown.cause instanceof Error && typeof code !== 'string' ? thrown.cause : thrown;
  const { code: innerCode, path } = inner as ThrownError;
  const asked = host ?? $response?.host;
  return {
    name: thrown.name,
    message: thrown.message,
    ...(typeof innerCode === 'string' && { code: innerCode }),
    ...($metadata?.httpStatusCode !== undefined && { status: $metadata.httpStatusCode }),
    ...(asked !== undefined && { host: asked }),
    ...(path !== undefined && { path }),
  };
}
