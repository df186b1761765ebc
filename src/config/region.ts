import type { JsonObject } from '../json/json-object.ts';
import { parseTableArn } from './table-arn.ts';

/** The environment of the process. */
export type Environment = Readonly<Record<string, string | undefined>>;

const AWS_REGION = /^[a-z]{2,}(-[a-z]+)+-[0-9]+$/;

/**
 * A config whose blank `region` is that of the first ARN in `tables`, or else that of AWS's environment.
 *
 * Airbyte's own connector has an empty region as its default and leaves it to the environment. An ARN comes first: a
 * container knows the region that it runs in, the ARN says where the table is.
 */
export function inferRegion(config: JsonObject, env: Environment): JsonObject {
  if (config.region !== undefined) return config;
  const tables = Array.isArray(config.tables) ? (config.tables as readonly unknown[]) : [];
  const [ofArn] = tables.flatMap((entry) => parseTableArn(String(entry))?.region ?? []);
  const region = ofArn ?? nonBlank(env.AWS_REGION) ?? nonBlank(env.AWS_DEFAULT_REGION);
  return region === undefined ? config : { ...config, region };
}

/**
 * Whether a region can be one. Those of AWS look alike; an endpoint of one's own, as of DynamoDB Local, takes any name.
 */
export function isRegion(region: string, { endpoint }: JsonObject, env: Environment): boolean {
  if (AWS_REGION.test(region)) return true;
  const urls = [env.AWS_ENDPOINT_URL_DYNAMODB, env.AWS_ENDPOINT_URL].map(nonBlank);
  return [endpoint, ...urls].some((url) => url !== undefined);
}

function nonBlank(text: string | undefined): string | undefined {
  const trimmed = text?.trim();
  return trimmed === '' ? undefined : trimmed;
}
