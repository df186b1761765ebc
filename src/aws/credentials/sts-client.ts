import { STSClient } from '@aws-sdk/client-sts';
import type { AwsCredentialIdentity } from '@smithy/types';
import type { Config } from '../../config/config.ts';
import { endpointVariants } from '../endpoint-variants.ts';
import type { FindProxy } from '../proxies/proxy.ts';
import { AwsHttp } from '../calls/aws-http.ts';
import { SdkHttpHandler } from '../calls/sdk-http-handler.ts';
import { STS_TIMEOUTS } from '../calls/timeouts.ts';
import type { AwsClock } from '../clock.ts';

/** How STS is reached. */
export interface StsOptions extends Pick<Config, 'region' | 'endpoints'> {
  readonly findProxy: FindProxy;
  readonly clock: AwsClock;
}

/** Opens a client for STS; the caller must destroy it. */
export function openSts(
  { region, endpoints, findProxy, clock }: StsOptions,
  credentials: () => Promise<AwsCredentialIdentity>,
): STSClient {
  const http = new AwsHttp({ findProxy, clock, timeouts: STS_TIMEOUTS });
  const client = new STSClient({
    region,
    credentials,
    maxAttempts: 1,
    requestHandler: new SdkHttpHandler(http),
    ...endpointVariants(endpoints),
    ...(endpoints.sts !== undefined && { endpoint: endpoints.sts }),
  });
  clock.govern(client.config);
  return client;
}
