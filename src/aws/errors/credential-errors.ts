import { UNAVAILABLE } from './common-errors.ts';
import type { FailedCall } from './failed-call.ts';
import { type AwsError, config, type Rule, tableOf } from './rule.ts';

const ROLE_DENIED = config(
  'credentials',
  (call, { message }) =>
    `The role ${nameRole(call)} cannot be assumed (${message}). Grant the caller sts:AssumeRole on it, name the caller in the role's trust policy, and check "external_id" and "role_session_duration_seconds".`,
);

const NO_CREDENTIALS = config('credentials', ({ resource: profile }, { message }) =>
  profile === undefined
    ? `No AWS credentials were found in the environment (${message}). Give the machine, container or pod a role, set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or choose an access key in "credentials".`
    : `The profile ${profile} provides no AWS credentials (${message}). Check "profile" in "credentials", and that the AWS config files contain it.`,
);
const HOMELESS = config(
  'credentials',
  () =>
    'The user that runs the connector has no home directory, where AWS keeps its config files. Set HOME in the environment to any folder.',
);

/**
 * Exceptions of STS, and of the chain of credential providers, which calls STS too.
 *
 * @see https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html#API_AssumeRole_Errors
 */
export const CREDENTIAL_ERRORS = tableOf({
  AccessDenied: ROLE_DENIED,
  // A session longer than the role's maximum, or a name or ARN that STS does not accept.
  ValidationError: ROLE_DENIED,
  InvalidIdentityTokenException: ROLE_DENIED,
  IDPRejectedClaimException: ROLE_DENIED,
  IDPCommunicationErrorException: UNAVAILABLE,
  RegionDisabledException: config(
    'credentials',
    (call) =>
      `The region ${call.region} is not enabled for STS in the account. Enable it, or check "region".`,
  ),
  CredentialsProviderError: NO_CREDENTIALS,
});

/** Finds the rule for a file of credentials or a token that cannot be read, and for a user without a home directory. */
export function findFileRule({ code, path, message }: AwsError): Rule | undefined {
  if (code === 'ERR_SYSTEM_ERROR' && message.includes('homedir')) return HOMELESS;
  return path === undefined ? undefined : NO_CREDENTIALS;
}

/** The role in the config, or the one that the environment or a profile named to AWS's default chain. */
function nameRole({ service, resource }: FailedCall): string {
  if (resource === undefined) return 'AWS_ROLE_ARN';
  return service === 'sts' ? resource : `of ${resource}`;
}
