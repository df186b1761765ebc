import type {
  AssumeRoleCommandInput,
  AssumeRoleCommandOutput,
  AssumeRoleWithWebIdentityCommandInput,
} from '@aws-sdk/client-sts';
import type { AwsCredentialIdentity } from '@smithy/types';
import { SystemError } from '../../errors.ts';
import type { CredentialProvider } from './credential-provider.ts';
import type { StsOptions } from './sts-client.ts';

/**
 * Assumes a role, and returns its session.
 *
 * @see https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html
 * @throws what the SDK throws, or SystemError.
 */
export async function assumeRole(
  options: StsOptions,
  base: CredentialProvider,
  input: AssumeRoleCommandInput,
): Promise<AwsCredentialIdentity> {
  const { AssumeRoleCommand } = await import('@aws-sdk/client-sts');
  const { openSts } = await import('./sts-client.ts');
  const client = openSts(options, base);
  try {
    return toIdentity(await client.send(new AssumeRoleCommand(input)));
  } finally {
    client.destroy();
  }
}

/**
 * Assumes a role with the token of a pod or another web identity in place of credentials, and returns its session.
 *
 * @see https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRoleWithWebIdentity.html
 * @throws what the SDK throws, or SystemError.
 */
export async function assumeRoleWithWebIdentity(
  options: StsOptions,
  input: AssumeRoleWithWebIdentityCommandInput,
): Promise<AwsCredentialIdentity> {
  const { AssumeRoleWithWebIdentityCommand } = await import('@aws-sdk/client-sts');
  const { openSts } = await import('./sts-client.ts');
  const client = openSts(options, () => Promise.reject(new Error('The call is not signed.')));
  try {
    return toIdentity(await client.send(new AssumeRoleWithWebIdentityCommand(input)));
  } finally {
    client.destroy();
  }
}

function toIdentity({
  Credentials,
}: Pick<AssumeRoleCommandOutput, 'Credentials'>): AwsCredentialIdentity {
  const { AccessKeyId, SecretAccessKey, SessionToken, Expiration } = Credentials ?? {};
  if (AccessKeyId === undefined || SecretAccessKey === undefined || SessionToken === undefined) {
    throw new SystemError('STS answered AssumeRole without credentials.', { reason: 'other' });
  }
  return {
    accessKeyId: AccessKeyId,
    secretAccessKey: SecretAccessKey,
    sessionToken: SessionToken,
    ...(Expiration && { expiration: Expiration }),
  };
}
