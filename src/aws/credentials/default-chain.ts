import type { AwsCredentialIdentity } from '@smithy/types';
import { AwsHttp } from '../calls/aws-http.ts';
import { SdkHttpHandler } from '../calls/sdk-http-handler.ts';
import { STS_TIMEOUTS } from '../calls/timeouts.ts';
import { endpointVariants } from '../endpoint-variants.ts';
import { assumeRole, assumeRoleWithWebIdentity } from './assume-role.ts';
import { fetchContainerCredentials } from './container-credentials.ts';
import { type CredentialProvider, CredentialSourceError } from './credential-provider.ts';
import type { StsOptions } from './sts-client.ts';

/** What AWS's default chain needs. */
export interface ChainOptions extends StsOptions {
  /** A profile of AWS's config files; by default the one that the environment names, or else `default`. */
  readonly profile?: string | undefined;
  readonly env: Readonly<Record<string, string | undefined>>;
}

interface Source {
  readonly name: string;
  readonly provide: CredentialProvider;
}

/**
 * Creates AWS's default chain, which returns credentials from the first source that has any.
 *
 * The sources are the SDK's, in its order. The chain is ours because the SDK's does not say why each source had none,
 * and takes an STS endpoint, a proxy or FIPS only from the environment.
 *
 * @see https://docs.aws.amazon.com/sdk-for-javascript/v3/developer-guide/setting-credentials-node.html
 */
export async function createDefaultChain(options: ChainOptions): Promise<CredentialProvider> {
  const sources = await listSources(options);
  return async () => {
    const reasons: string[] = [];
    for (const { name, provide } of sources) {
      try {
        return await provide();
      } catch (error) {
        if (!isWithoutCredentials(error)) throw error;
        reasons.push(`${name}: ${error.message.trim().replace(/\.$/, '')}`);
        if (error.tryNextLink === false) break;
      }
    }
    throw new CredentialSourceError(reasons.join('; '));
  };
}

/** Whether a source has no credentials, as opposed to one that did not answer or was refused. */
function isWithoutCredentials(error: unknown): error is Error & { readonly tryNextLink?: boolean } {
  return error instanceof Error && error.name === 'CredentialsProviderError';
}

async function listSources(options: ChainOptions): Promise<readonly Source[]> {
  const { env } = options;
  const profile = options.profile ?? env.AWS_PROFILE;
  const isInstance = (env.AWS_EC2_METADATA_DISABLED ?? 'false') === 'false';
  const isContainer =
    Boolean(env.AWS_CONTAINER_CREDENTIALS_RELATIVE_URI) ||
    Boolean(env.AWS_CONTAINER_CREDENTIALS_FULL_URI);
  const { fromEnv } = await import('@aws-sdk/credential-provider-env');
  const { fromTokenFile } = await import('@aws-sdk/credential-provider-web-identity');
  const roleAssumerWithWebIdentity = createWebAssumer(options);
  return [
    // As in the SDK, a profile takes precedence over the keys in the environment.
    ...(profile ? [] : [{ name: 'environment', provide: fromEnv() }]),
    { name: `profile ${profile ?? 'default'}`, provide: await createProfileProvider(options) },
    { name: 'web identity', provide: fromTokenFile({ roleAssumerWithWebIdentity }) },
    ...(isContainer
      ? [{ name: 'container', provide: () => fetchContainerCredentials(env) }]
      : isInstance
        ? [{ name: 'EC2 instance', provide: await createInstanceProvider() }]
        : []),
  ];
}

async function createInstanceProvider(): Promise<CredentialProvider> {
  const { fromInstanceMetadata } = await import('@smithy/credential-provider-imds');
  return fromInstanceMetadata();
}

/** Profiles can contain keys, roles, processes and sign-ins. */
async function createProfileProvider(options: ChainOptions): Promise<CredentialProvider> {
  const { fromIni } = await import('@aws-sdk/credential-provider-ini');
  const requestHandler = new NotingHandler(new AwsHttp({ ...options, timeouts: STS_TIMEOUTS }));
  const provide = fromIni({
    ...(options.profile !== undefined && { profile: options.profile }),
    // Other tools that renew a session write it into the files.
    ignoreCache: true,
    // For SSO and sign-ins, whose region the profile states.
    clientConfig: { requestHandler, maxAttempts: 1, ...endpointVariants(options.endpoints) },
    roleAssumer: (source, params) => assumeRole(options, () => Promise.resolve(source), params),
    roleAssumerWithWebIdentity: createWebAssumer(options),
  });
  return async () => {
    try {
      return await provide();
    } catch (error) {
      throw requestHandler.takeFailure() ?? error;
    }
  };
}

function createWebAssumer(options: StsOptions) {
  return (params: {
    RoleArn: string;
    RoleSessionName: string;
    WebIdentityToken: string;
  }): Promise<AwsCredentialIdentity> => assumeRoleWithWebIdentity(options, params);
}

/** Returns an error for an answer that only means to try again, such as HTTP 503; undefined for any other. */
function describeOutage(response: Awaited<ReturnType<SdkHttpHandler['handle']>>['response']) {
  const { statusCode } = response;
  if (statusCode < 500 && statusCode !== 429) return undefined;
  const $metadata = { httpStatusCode: statusCode };
  return Object.assign(new Error(`HTTP ${statusCode}`), { $metadata, $response: response });
}

/** Keeps the error that a request failed with: the SDK turns it into text, which cannot be classified. */
class NotingHandler extends SdkHttpHandler {
  #failure: Error | undefined;

  /** Returns the error that the last request failed with, once. */
  takeFailure(): Error | undefined {
    const failure = this.#failure;
    this.#failure = undefined;
    return failure;
  }

  override async handle(
    ...args: Parameters<SdkHttpHandler['handle']>
  ): ReturnType<SdkHttpHandler['handle']> {
    this.#failure = undefined;
    try {
      const result = await super.handle(...args);
      this.#failure = describeOutage(result.response);
      return result;
    } catch (error) {
      this.#failure = error as Error;
      throw error;
    }
  }
}
