import { partition } from '@aws-sdk/core/client';
import type { S3EndpointConfig } from '../../config/config.ts';

/** Where the objects of a bucket are asked for. */
export interface BucketAddress {
  readonly protocol: string;
  readonly hostname: string;
  readonly port?: number;
  /** What stands before an object's key in the path; it ends with a slash. */
  readonly path: string;
}

/**
 * Works out where a bucket of a region is asked for: under a host name of its own, or, where its name has dots and so
 * fits no certificate, and at an endpoint of the config, as the first part of the path.
 *
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/VirtualHosting.html
 * @see https://docs.aws.amazon.com/general/latest/gr/s3.html
 */
export function addressBucket(
  bucket: string,
  region: string,
  { endpoint, usesFips, usesDualstack }: S3EndpointConfig,
): BucketAddress {
  if (endpoint !== undefined) {
    const { protocol, hostname, port, pathname } = new URL(endpoint);
    const path = `${pathname.replace(/\/$/, '')}/${bucket}/`;
    return { protocol, hostname, path, ...(port !== '' && { port: Number(port) }) };
  }
  const service = `s3${usesFips ? '-fips' : ''}${usesDualstack ? '.dualstack' : ''}`;
  const host = `${service}.${region}.${partition(region).dnsSuffix}`;
  return bucket.includes('.')
    ? { protocol: 'https:', hostname: host, path: `/${bucket}/` }
    : { protocol: 'https:', hostname: `${bucket}.${host}`, path: '/' };
}
