/**
 * The service that decides how exceptions are read and what errors call it; `credentials` is the chain of providers.
 */
export type AwsService = 'dynamodb' | 'streams' | 'sts' | 's3' | 'credentials';

/** What was being done when AWS failed. */
export interface FailedCall {
  readonly service: AwsService;
  /** The IAM action, such as `dynamodb:Scan`; or `credentials`, if there were none to call with. */
  readonly action: string;
  /** The table, role or object that the action was for, as requests name it; for `credentials`, the profile. */
  readonly resource?: string;
  readonly region: string;
  /** A custom endpoint. */
  readonly endpoint?: string;
  /** The property of the config that says so, where it is not the service's own. */
  readonly endpointOption?: string;
}

/** The action that starts an export. */
export const EXPORT_ACTION = 'dynamodb:ExportTableToPointInTime';

/** Names the action and what it was for. */
export function describeCall({ action, resource }: FailedCall): string {
  return resource === undefined ? action : `${action} on ${resource}`;
}

const NAMES: Readonly<Record<AwsService, string>> = {
  dynamodb: 'DynamoDB',
  streams: 'DynamoDB Streams',
  sts: 'STS',
  s3: 'S3',
  credentials: 'the source of credentials',
};

/** Names who was called: the endpoint in the config, or the service and the host that it turned out to have. */
export function describeHost(
  { service, endpoint, region }: FailedCall,
  { host }: { readonly host?: string },
): string {
  return endpoint ?? `${NAMES[service]} in ${region}${host === undefined ? '' : ` at ${host}`}`;
}

const ENDPOINTS: Readonly<Record<AwsService, string>> = {
  dynamodb: '"endpoint"',
  streams: '"streams_endpoint"',
  sts: '"sts_endpoint"',
  s3: '"s3_endpoint"',
  credentials: '"sts_endpoint"',
};

/** The property of the config that says where a service is. */
export function nameEndpoint({ service, endpointOption }: FailedCall): string {
  return endpointOption === undefined ? ENDPOINTS[service] : `"${endpointOption}"`;
}
