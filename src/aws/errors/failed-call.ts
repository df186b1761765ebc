/**
 * The service that decides how exceptions are read and what errors call it; `credentials` is the chain of providers.
 */
export type AwsService = 'dynamodb' | 'streams' | 'sts' | 'credentials';

/** What was being done when AWS failed. */
export interface FailedCall {
  readonly service: AwsService;
  /** The IAM action, such as `dynamodb:Scan`; or `credentials`, if there were none to call with. */
  readonly action: string;
  /** The table or role that the action was for, as requests name it; for `credentials`, the profile. */
  readonly resource?: string;
  readonly region: string;
  /** A custom endpoint. */
  readonly endpoint?: string;
}

/** Names the action and what it was for. */
export function describeCall({ action, resource }: FailedCall): string {
  return resource === undefined ? action : `${action} on ${resource}`;
}

const NAMES: Readonly<Record<AwsService, string>> = {
  dynamodb: 'DynamoDB',
  streams: 'DynamoDB Streams',
  sts: 'STS',
  credentials: 'the source of credentials',
};

/** Names who was called: the endpoint in the config, or the service and the host that it turned out to have. */
export function describeHost(
  { service, endpoint, region }: FailedCall,
  { host }: { readonly host?: string },
): string {
  return endpoint ?? `${NAMES[service]} in ${region}${host === undefined ? '' : ` at ${host}`}`;
}
