import type { AwsCredentialIdentity } from '@smithy/types';
import type { Config, RoleConfig } from '../../config/config.ts';
import { SystemError } from '../../errors.ts';
import { classifyError } from '../errors/classify-error.ts';
import { RenewingCredentials } from './renewing-credentials.ts';
import { AwsHttp } from '../calls/aws-http.ts';
import { SdkHttpHandler } from '../calls/sdk-http-handler.ts';
import { STS_TIMEOUTS } from '../calls/timeouts.ts';
import type { StsOptions } from './sts-client.ts';

/** What credentials are made from. */
export interface CredentialsInput extends StsOptions, Pick<Config, 'credentials'> {
  /** Told of every secret that STS hands out, so that it can be masked. */
  readonly onSecret: (secret: string) => void;
}

/** Gives credentials, asked for anew with each call. */
export type CredentialProvider = () => Promise<AwsCredentialIdentity>;

/**
 * The provider of a config's credentials: its access key or AWS's default chain, and on top of either a role, whose
 * sessions are renewed before they expire.
 */
export async function createCredentials(input: CredentialsInput): Promise<RenewingCredentials> {
  const base = await createBaseProvider(input);
  const { role } = input.credentials;
  return new RenewingCredentials(
    role === undefined ? base : createRoleProvider(role, base, input),
    Date.now,
    () => input.clock.offsetMs,
  );
}

async function createBaseProvider(input: CredentialsInput): Promise<CredentialProvider> {
  const { accessKey, profile } = input.credentials;
  if (accessKey !== undefined) return () => Promise.resolve(accessKey);
  const { defaultProvider } = await import('@aws-sdk/credential-provider-node');
  const provide = defaultProvider({
    ...(profile !== undefined && { profile }),
    clientConfig: {
      region: input.region,
      requestHandler: new SdkHttpHandler(new AwsHttp({ ...input, timeouts: STS_TIMEOUTS })),
    },
  });
  return async () => {
    try {
      // RenewingCredentials keeps them, so each call here is meant to bring fresh ones.
      const identity = await provide({ forceRefresh: true });
      input.onSecret(identity.secretAccessKey);
      if (identity.sessionToken !== undefined) input.onSecret(identity.sessionToken);
      return identity;
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

/**
 * Assumes a role with other credentials.
 *
 * @see https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html
 */
function createRoleProvider(
  role: RoleConfig,
  base: CredentialProvider,
  input: CredentialsInput,
): CredentialProvider {
  return async () => {
    const { AssumeRoleCommand } = await import('@aws-sdk/client-sts');
    const { openSts } = await import('./sts-client.ts');
    const client = openSts(input, base);
    try {
      const { Credentials: session } = await client.send(
        new AssumeRoleCommand({
          RoleArn: role.arn,
          RoleSessionName: role.sessionName,
          DurationSeconds: role.durationSeconds,
          ExternalId: role.externalId,
        }),
      );
      return toIdentity(session, input.onSecret);
    } catch (error) {
      throw classifyError(error, {
        service: 'sts',
        action: 'sts:AssumeRole',
        resource: role.arn,
        region: input.region,
        ...(input.endpoints.sts !== undefined && { endpoint: input.endpoints.sts }),
      });
    } finally {
      client.destroy();
    }
  };
}

function toIdentity(
  session:
    | {
        readonly AccessKeyId?: string | undefined;
        readonly SecretAccessKey?: string | undefined;
        readonly SessionToken?: string | undefined;
        readonly Expiration?: Date | undefined;
      }
    | undefined,
  onSecret: (secret: string) => void,
): AwsCredentialIdentity {
  const { AccessKeyId, SecretAccessKey, SessionToken, Expiration } = session ?? {};
  if (AccessKeyId === undefined || SecretAccessKey === undefined || SessionToken === undefined) {
    throw new SystemError('STS answered AssumeRole without credentials.');
  }
  onSecret(SecretAccessKey);
  onSecret(SessionToken);
  return {
    accessKeyId: AccessKeyId,
    secretAccessKey: SecretAccessKey,
    sessionToken: SessionToken,
    ...(Expiration && { expiration: Expiration }),
  };
}
