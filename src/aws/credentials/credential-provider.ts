import type { AwsCredentialIdentity } from '@smithy/types';

/** Fetches credentials; each call fetches them again. */
export type CredentialProvider = () => Promise<AwsCredentialIdentity>;

/** A source provided no credentials; the error is named, and so classified, like the SDK's own. */
export class CredentialSourceError extends Error {
  override readonly name = 'CredentialsProviderError';
}
