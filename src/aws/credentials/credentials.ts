import type { Config, RoleConfig } from '../../config/config.ts';
import { classifyError } from '../errors/classify-error.ts';
import { assumeRole } from './assume-role.ts';
import type { CredentialProvider } from './credential-provider.ts';
import type { ChainOptions } from './default-chain.ts';
import { RenewingCredentials } from './renewing-credentials.ts';

/** What credentials are made from. */
export interface CredentialsInput
  extends Omit<ChainOptions, 'profile'>, Pick<Config, 'credentials'> {
  /** Called with every secret that is issued, so that it can be masked. */
  readonly onSecret: (secret: string) => void;
}

/**
 * Creates the provider of a config's credentials: its access key or AWS's default chain, and optionally a role on top,
 * whose sessions are renewed before they expire.
 */
export async function createCredentials(input: CredentialsInput): Promise<RenewingCredentials> {
  const base = await createBaseProvider(input);
  const { role } = input.credentials;
  const provide = role === undefined ? base : createRoleProvider(role, base, input);
  return new RenewingCredentials(provide, Date.now, () => input.clock.offsetMs);
}

/** The same provider, but its secrets are reported for masking before anybody gets them. */
function mask(provide: CredentialProvider, { onSecret }: CredentialsInput): CredentialProvider {
  return async () => {
    const identity = await provide();
    onSecret(identity.secretAccessKey);
    if (identity.sessionToken !== undefined) onSecret(identity.sessionToken);
    return identity;
  };
}

async function createBaseProvider(input: CredentialsInput): Promise<CredentialProvider> {
  const { accessKey, profile } = input.credentials;
  if (accessKey !== undefined) return () => Promise.resolve(accessKey);
  const { createDefaultChain } = await import('./default-chain.ts');
  const provide = mask(await createDefaultChain({ ...input, profile }), input);
  return async () => {
    try {
      return await provide();
    } catch (error) {
      throw classifyError(error, {
        service: 'credentials',
        action: 'credentials',
        region: input.region,
        ...(profile !== undefined && { resource: profile }),
      });
    }
  };
}

function createRoleProvider(
  role: RoleConfig,
  base: CredentialProvider,
  input: CredentialsInput,
): CredentialProvider {
  const assume = mask(
    () =>
      assumeRole(input, base, {
        RoleArn: role.arn,
        RoleSessionName: role.sessionName,
        DurationSeconds: role.durationSeconds,
        ExternalId: role.externalId,
      }),
    input,
  );
  return async () => {
    try {
      return await assume();
    } catch (error) {
      throw classifyError(error, {
        service: 'sts',
        action: 'sts:AssumeRole',
        resource: role.arn,
        region: input.region,
        ...(input.endpoints.sts !== undefined && { endpoint: input.endpoints.sts }),
      });
    }
  };
}
