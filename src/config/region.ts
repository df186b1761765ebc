import type { JsonObject } from '../json/json-object.ts';
import { parseTableArn } from './table-arn.ts';

/** The environment of the process. */
export type Environment = Readonly<Record<string, string | undefined>>;

const AWS_REGION = /^[a-z]{2,}(-[a-z]+)+-[0-9]+$/;

/**
 * Fills a blank `region` of a config with that of the first ARN in `tables`, or else that of AWS's environment.
 *
 * Airbyte's own connector has an empty region as its default, and leaves it to the environment. An ARN takes
 * precedence: a container only knows the region that it runs in, but the ARN says where the table is.
 */
export function inferRegion(config: JsonObject, env: Environment): JsonObject {
  if (config.region !== undefined) return config;
  const tables = Array.isArray(config.tables) ? (config.tables as readonly unknown[]) : [];
  const [ofArn] = tables.flatMap((entry) => parseTableArn(String(entry))?.region ?? []);
  const region = ofArn ?? nonBlank(env.AWS_REGION) ?? nonBlank(env.AWS_DEFAULT_REGION);
  return region === undefined ? config : { ...config, region };
}

/**
 * Whether a region is possible. Those of AWS follow a pattern; a custom endpoint, as for DynamoDB Local, takes any
 * name.
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
