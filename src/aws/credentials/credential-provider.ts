import type { AwsCredentialIdentity } from '@smithy/types';

/** Returns credentials, which are asked for again with each call. */
export type CredentialProvider = () => Promise<AwsCredentialIdentity>;

/** A source that gave no credentials, named and classified as the SDK's own. */
export class CredentialSourceError extends Error {
  override readonly name = 'CredentialsProviderError';
}
