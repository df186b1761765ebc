import { ConfigError } from '../errors.ts';
import type { EndpointConfig, S3EndpointConfig } from './config.ts';
import type { RawConfig } from './raw-config.ts';
import type { Environment } from './region.ts';

/**
 * Parses the properties that say where requests go.
 *
 * @throws ConfigError for an endpoint that is not a URL, or one combined with FIPS or dual-stack, even if the
 * environment asks for these.
 */
export function parseEndpoints(raw: RawConfig, env: Environment): EndpointConfig {
  const dynamodb = checkUrl(raw.endpoint, 'endpoint');
  const sts = checkUrl(raw.sts_endpoint, 'sts_endpoint');
  const streams = checkUrl(raw.streams_endpoint, 'streams_endpoint');
  const { use_fips_endpoint: useFips, use_dualstack_endpoint: useDualstack } = raw;
  const variant =
    nameVariant('use_fips_endpoint', useFips, env) ??
    nameVariant('use_dualstack_endpoint', useDualstack, env);
  const [custom] = Object.entries({
    endpoint: dynamodb,
    sts_endpoint: sts,
    streams_endpoint: streams,
    s3_endpoint: raw.s3_endpoint,
  })
    .filter(([, url]) => url !== undefined)
    .map(([property]) => property);
  if (variant !== undefined && custom !== undefined) {
    throw new ConfigError(
      `${variant} cannot be used together with "${custom}": name the FIPS or dual-stack URL in "${custom}", or leave "${custom}" empty.`,
    );
  }
  return {
    useFips,
    useDualstack,
    ...(dynamodb !== undefined && { dynamodb }),
    ...(sts !== undefined && { sts }),
    ...(streams !== undefined && { streams }),
  };
}

/**
 * Works out which endpoint of S3 is used. Requests to S3 do not go through the SDK, so its environment is read here.
 *
 * @throws ConfigError for an endpoint that is not a URL.
 */
export function parseS3Endpoint(raw: RawConfig, env: Environment): S3EndpointConfig {
  const endpoint =
    checkUrl(raw.s3_endpoint, 's3_endpoint') ?? env.AWS_ENDPOINT_URL_S3 ?? env.AWS_ENDPOINT_URL;
  const usesFips = nameVariant('use_fips_endpoint', raw.use_fips_endpoint, env);
  const usesDualstack = nameVariant('use_dualstack_endpoint', raw.use_dualstack_endpoint, env);
  return {
    ...(endpoint !== undefined && { endpoint }),
    usesFips: usesFips !== undefined,
    usesDualstack: usesDualstack !== undefined,
  };
}

/** Names what asks for a variant of AWS's endpoints: the config, or the environment if the config does not say. */
function nameVariant(
  property: 'use_fips_endpoint' | 'use_dualstack_endpoint',
  configured: boolean | undefined,
  env: Environment,
): string | undefined {
  if (configured === true) return `"${property}"`;
  const variable = `AWS_${property.toUpperCase()}`;
  const isSet = configured === undefined && env[variable] === 'true';
  return isSet ? `${variable}=true in the environment` : undefined;
}

function checkUrl(url: string | undefined, property: string): string | undefined {
  if (url === undefined) return undefined;
  const { protocol, username, password } = URL.canParse(url)
    ? new URL(url)
    : { protocol: '', username: '', password: '' };
  if (username !== '' || password !== '') {
    throw new ConfigError(
      `"${property}" contains a user name or a password, which AWS ignores. Remove them from the URL.`,
    );
  }
  if (protocol === 'http:' || protocol === 'https:') return url;
  throw new ConfigError(
    `"${property}" is not a URL: ${JSON.stringify(url)}. It must begin with http:// or https://, like http://localhost:8000.`,
  );
}
