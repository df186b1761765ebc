import { ConfigError } from '../errors.ts';
import { isJsonObject } from '../json/json-object.ts';
import { applyDefaults } from './validation/apply-defaults.ts';
import { cleanInput } from './clean-input.ts';
import type { Config, CredentialsConfig, RoleConfig } from './config.ts';
import { parseEndpoints } from './parse-endpoints.ts';
import { findConfigViolations } from './validation/config-violations.ts';
import { inferInput } from './infer-input.ts';
import { describeUnknown, findIneffective } from './validation/ineffective-options.ts';
import { parseScan, parseTableScans } from './parse-scan.ts';
import {
  parseReplication,
  rejectPackedProjection,
  rejectPartialReads,
} from './parse-replication.ts';
import type { RawConfig, RawCredentials } from './raw-config.ts';
import type { Environment } from './region.ts';
import { readSpec } from './spec.ts';
import { parseTableSelection } from './table-selection.ts';
import { findUnknownProperties } from './validation/unknown-properties.ts';

/**
 * Validates a config against spec.json and normalises it.
 *
 * @param env supplies what the config may leave blank: the region, and AWS's endpoints.
 * @throws ConfigError that names every violation by its path.
 */
export function parseConfig(input: unknown, env: Environment = {}): Config {
  const { connectionSpecification } = readSpec();
  const cleaned = cleanInput(input);
  rejectOtherFiles(cleaned);
  const config = isJsonObject(cleaned) ? inferInput(cleaned, env) : {};
  const unknown = findUnknownProperties(config, connectionSpecification);
  const violations = isJsonObject(cleaned)
    ? findConfigViolations({ config, unknown, env, specification: connectionSpecification })
    : ['the config must be an object'];
  if (violations.length > 0) {
    throw new ConfigError(`The config is not valid: ${violations.join('; ')}.`);
  }
  rejectBlankTables(input, cleaned);
  const raw = applyDefaults(config, connectionSpecification) as unknown as RawConfig;
  const warnings = [
    ...unknown.map((property) => describeUnknown(property, config)),
    ...findIneffective(config, connectionSpecification),
  ];
  const parsed = normalise(raw, env);
  if (parsed.replication.method === 'streams') {
    rejectPartialReads(parsed);
    rejectPackedProjection(parsed);
  }
  return { ...parsed, warnings };
}

function normalise(raw: RawConfig, env: Environment): Omit<Config, 'warnings'> {
  return {
    region: raw.region,
    credentials: normaliseCredentials(raw.credentials),
    endpoints: parseEndpoints(raw, env),
    tables: parseTableSelection(raw.tables, raw.exclude_tables, raw.region),
    ignoreMissingReadPermissions: raw.ignore_missing_read_permissions_tables,
    discoverSampleSize: raw.discover_sample_size,
    records: {
      format: raw.record_format,
      nestedValues: raw.nested_values,
      numberValues: raw.number_values,
      unlistedAttributes: raw.unlisted_attributes,
    },
    ...parseReplication(raw, env),
    scan: parseScan(raw.scan),
    tableScans: parseTableScans(raw.table_options, raw.scan, raw.region),
    checkpointIntervalMs: 1000 * raw.checkpoint_target_interval_seconds,
    concurrentStreams: raw.concurrent_streams,
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
  const {
    role_arn: arn,
    role_session_name: sessionName,
    role_session_duration_seconds: durationSeconds,
  } = raw;
  if (arn === undefined || sessionName === undefined || durationSeconds === undefined) {
    return undefined;
  }
  return {
    ...{ arn, sessionName, durationSeconds },
    ...(raw.external_id !== undefined && { externalId: raw.external_id }),
  };
}

/** Rejects a catalog or a state, which means that files were swapped. */
function rejectOtherFiles(input: unknown): void {
  const [first] = (Array.isArray(input) ? input : [input]) as readonly unknown[];
  if (!isJsonObject(first) || first.credentials !== undefined) return;
  if (Array.isArray(first.streams) || isJsonObject(first.catalog)) {
    throw new ConfigError(
      'The config is a catalog: it has "streams" and no "credentials". Pass the config with --config, and the catalog with --catalog.',
    );
  }
  if (['STATE', 'STREAM', 'GLOBAL'].includes(String(first.type))) {
    throw new ConfigError(
      'The config is a state. Pass the config with --config, and the state with --state.',
    );
  }
}

/** Rejects a list of nothing but blanks: these are left out, and an empty list would mean every table. */
function rejectBlankTables(input: unknown, cleaned: unknown): void {
  const { tables: given } = input as { readonly tables?: unknown };
  const { tables: left } = cleaned as { readonly tables?: unknown };
  if (!Array.isArray(given) || given.length === 0) return;
  if (Array.isArray(left) && left.length > 0) return;
  throw new ConfigError(
    `"tables" contains nothing but blanks. Name the tables, or leave it empty to read every table.`,
  );
}
