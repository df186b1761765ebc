import { STSClient } from '@aws-sdk/client-sts';
import type { AwsCredentialIdentity } from '@smithy/types';
import type { Config } from '../../config/config.ts';
import type { FindProxy } from '../proxies/proxy.ts';
import { SdkHttpHandler, STS_TIMEOUTS } from '../calls/sdk-http-handler.ts';

/** How STS is reached. */
export interface StsOptions extends Pick<Config, 'region' | 'endpoints'> {
  readonly findProxy: FindProxy;
}

/** A client of STS; whoever opens it destroys it. */
export function openSts(
  { region, endpoints, findProxy }: StsOptions,
  credentials: () => Promise<AwsCredentialIdentity>,
  maxAttempts: number,
): STSClient {
  return new STSClient({
    region,
    credentials,
    maxAttempts,
    requestHandler: new SdkHttpHandler(findProxy, STS_TIMEOUTS),
    ...(endpoints.useFips !== undefined && { useFipsEndpoint: endpoints.useFips }),
    ...(endpoints.useDualstack !== undefined && { useDualstackEndpoint: endpoints.useDualstack }),
    ...(endpoints.sts !== undefined && { endpoint: endpoints.sts }),
  });
}
