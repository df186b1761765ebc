import { ConfigError } from '../errors.ts';
import type { JsonObject } from '../json/json-object.ts';
import { cleanInput } from './clean-input.ts';
import type { Config, CredentialsConfig, EndpointConfig, RoleConfig } from './config.ts';
import { parseScan, parseTableScans, type RawScan, type RawTableOptions } from './parse-scan.ts';
import { readSpec } from './spec.ts';
import { parseTableSelection } from './table-selection.ts';
import { findUnknownProperties } from './unknown-properties.ts';
import { findViolations } from './validate-input.ts';

/** The config as the user writes it, once it is cleaned and valid against spec.json. */
interface RawConfig {
  readonly region: string;
  readonly credentials: RawCredentials;
  readonly endpoint?: string;
  readonly sts_endpoint?: string;
  readonly use_fips_endpoint?: boolean;
  readonly use_dualstack_endpoint?: boolean;
  readonly tables?: readonly string[];
  readonly exclude_tables?: readonly string[];
  readonly ignore_missing_read_permissions_tables?: boolean;
  readonly discover_sample_size?: number;
  readonly record_format?: 'columns' | 'packed';
  readonly nested_values?: 'json' | 'string';
  readonly number_values?: 'number' | 'string';
  readonly unlisted_attributes?: 'drop' | 'emit';
  readonly scan?: RawScan;
  readonly table_options?: readonly RawTableOptions[];
  readonly checkpoint_target_interval_seconds?: number;
  readonly concurrent_streams?: number;
}

interface RawCredentials {
  readonly auth_type: 'AssumeRole' | 'User' | 'Role';
  readonly access_key_id?: string;
  readonly secret_access_key?: string;
  readonly session_token?: string;
  readonly profile?: string;
  readonly role_arn?: string;
  readonly external_id?: string;
  readonly role_session_name?: string;
  readonly role_session_duration_seconds?: number;
}

const DEFAULT_SAMPLE_SIZE = 1000;
const DEFAULT_CHECKPOINT_INTERVAL_SECONDS = 60;
const DEFAULT_CONCURRENT_STREAMS = 4;
const DEFAULT_SESSION_NAME = 'airbyte-source-dynamodb';
const DEFAULT_SESSION_DURATION_SECONDS = 3600;

/**
 * Validates a config against spec.json and normalises it.
 *
 * @throws ConfigError that names every violation by its path.
 */
export function parseConfig(input: unknown): Config {
  const cleaned = cleanInput(input);
  const { connectionSpecification } = readSpec();
  const violations = findViolations(cleaned, connectionSpecification);
  if (violations.length > 0) {
    throw new ConfigError(`The config is not valid: ${violations.join('; ')}.`);
  }
  rejectBlankTables(input, cleaned);
  const unknownProperties = findUnknownProperties(cleaned as JsonObject, connectionSpecification);
  return { ...normalise(cleaned as RawConfig), unknownProperties };
}

function normalise(raw: RawConfig): Omit<Config, 'unknownProperties'> {
  return {
    region: raw.region,
    credentials: normaliseCredentials(raw.credentials),
    endpoints: normaliseEndpoints(raw),
    tables: parseTableSelection(raw.tables ?? [], raw.exclude_tables ?? [], raw.region),
    ignoreMissingReadPermissions: raw.ignore_missing_read_permissions_tables ?? false,
    discoverSampleSize: raw.discover_sample_size ?? DEFAULT_SAMPLE_SIZE,
    records: {
      format: raw.record_format ?? 'columns',
      nestedValues: raw.nested_values ?? 'json',
      numberValues: raw.number_values ?? 'number',
      unlistedAttributes: raw.unlisted_attributes ?? 'drop',
    },
    scan: parseScan(raw.scan ?? {}),
    tableScans: parseTableScans(raw.table_options ?? [], raw.scan ?? {}),
    checkpointIntervalMs:
      1000 * (raw.checkpoint_target_interval_seconds ?? DEFAULT_CHECKPOINT_INTERVAL_SECONDS),
    concurrentStreams: raw.concurrent_streams ?? DEFAULT_CONCURRENT_STREAMS,
  };
}

function normaliseCredentials(raw: RawCredentials): CredentialsConfig {
  const { access_key_id: accessKeyId, secret_access_key: secretAccessKey } = raw;
  const usesAccessKey = raw.auth_type !== 'Role';
  const role = raw.auth_type === 'User' ? undefined : normaliseRole(raw);
  return {
    ...(usesAccessKey &&
      accessKeyId !== undefined &&
      secretAccessKey !== undefined && {
        accessKey: {
          accessKeyId,
          secretAccessKey,
          ...(raw.session_token !== undefined && { sessionToken: raw.session_token }),
        },
      }),
    ...(!usesAccessKey && raw.profile !== undefined && { profile: raw.profile }),
    ...(role !== undefined && { role }),
  };
}

function normaliseRole(raw: RawCredentials): RoleConfig | undefined {
  if (raw.role_arn === undefined) return undefined;
  return {
    arn: raw.role_arn,
    sessionName: raw.role_session_name ?? DEFAULT_SESSION_NAME,
    durationSeconds: raw.role_session_duration_seconds ?? DEFAULT_SESSION_DURATION_SECONDS,
    ...(raw.external_id !== undefined && { externalId: raw.external_id }),
  };
}

function normaliseEndpoints(raw: RawConfig): EndpointConfig {
  const dynamodb = checkUrl(raw.endpoint, 'endpoint');
  const sts = checkUrl(raw.sts_endpoint, 'sts_endpoint');
  const useFips = raw.use_fips_endpoint ?? false;
  const useDualstack = raw.use_dualstack_endpoint ?? false;
  const custom = dynamodb !== undefined ? 'endpoint' : 'sts_endpoint';
  if ((useFips || useDualstack) && (dynamodb !== undefined || sts !== undefined)) {
    const variant = useFips ? 'use_fips_endpoint' : 'use_dualstack_endpoint';
    throw new ConfigError(
      `"${variant}" cannot be used together with "${custom}": name the FIPS or dual-stack URL in "${custom}", or leave "${custom}" empty.`,
    );
  }
  return {
    useFips,
    useDualstack,
    ...(dynamodb !== undefined && { dynamodb }),
    ...(sts !== undefined && { sts }),
  };
}

/** Blanks are left out of lists, and no table at all would mean every table. */
function rejectBlankTables(input: unknown, cleaned: unknown): void {
  const { tables: given } = input as { readonly tables?: unknown };
  const { tables: left } = cleaned as { readonly tables?: unknown };
  if (!Array.isArray(given) || given.length === 0) return;
  if (Array.isArray(left) && left.length > 0) return;
  throw new ConfigError(
    `"tables" holds nothing but blanks. Name the tables, or leave it empty to read every table.`,
  );
}

function checkUrl(url: string | undefined, property: string): string | undefined {
  if (url === undefined) return undefined;
  const { protocol, username, password } = URL.canParse(url)
    ? new URL(url)
    : { protocol: '', username: '', password: '' };
  if (username !== '' || password !== '') {
    throw new ConfigError(
      `"${property}" holds a user or a password, which AWS takes no notice of. Leave them out.`,
    );
  }
  if (protocol === 'http:' || protocol === 'https:') return url;
  throw new ConfigError(
    `"${property}" is not a URL: ${JSON.stringify(url)}. It must begin with http:// or https://, like http://localhost:8000.`,
  );
}
