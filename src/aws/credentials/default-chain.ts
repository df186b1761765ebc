import type { AwsCredentialIdentity } from '@smithy/types';
import { AwsHttp } from '../calls/aws-http.ts';
import { SdkHttpHandler } from '../calls/sdk-http-handler.ts';
import { STS_TIMEOUTS } from '../calls/timeouts.ts';
import { endpointVariants } from '../endpoint-variants.ts';
import { assumeRole, assumeRoleWithWebIdentity } from './assume-role.ts';
import { fetchContainerCredentials } from './container-credentials.ts';
import { type CredentialProvider, CredentialSourceError } from './credential-provider.ts';
import type { StsOptions } from './sts-client.ts';

/** What AWS's default chain is asked with. */
export interface ChainOptions extends StsOptions {
  /** Of AWS's config files; that of the environment, or the one called default, without it. */
  readonly profile?: string | undefined;
  readonly env: Readonly<Record<string, string | undefined>>;
}

interface Source {
  readonly name: string;
  readonly provide: CredentialProvider;
}

/**
 * AWS's default chain: the first source that has credentials.
 *
 * The sources are the SDK's and in its order. The chain is ours because the SDK's keeps to itself why each source gave
 * none, and takes an endpoint for STS, a proxy or FIPS from nowhere but the environment.
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

/** Whether a source has no credentials, as against one that has not answered or was refused. */
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
    // As in the SDK, a profile goes before the keys of the environment.
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

/** Profiles have keys, roles, processes and sign-ins. */
async function createProfileProvider(options: ChainOptions): Promise<CredentialProvider> {
  const { fromIni } = await import('@aws-sdk/credential-provider-ini');
  const requestHandler = new NotingHandler(new AwsHttp({ ...options, timeouts: STS_TIMEOUTS }));
  const provide = fromIni({
    ...(options.profile !== undefined && { profile: options.profile }),
    // Whoever renews a session writes it into the files.
    ignoreCache: true,
    // Of SSO and of sign-ins, whose region the profile says.
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

/** An answer that says nothing but to try again, such as HTTP 503; undefined for any other. */
function describeOutage(response: Awaited<ReturnType<SdkHttpHandler['handle']>>['response']) {
  const { statusCode } = response;
  if (statusCode < 500 && statusCode !== 429) return undefined;
  const $metadata = { httpStatusCode: statusCode };
  return Object.assign(new Error(`HTTP ${statusCode}`), { $metadata, $response: response });
}

/** Keeps what a request failed of: the SDK makes text of it, from which nothing can be told. */
class NotingHandler extends SdkHttpHandler {
  #failure: Error | undefined;

  /** What the last request failed of, unless it was taken before. */
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
