import { isJsonObject, type JsonObject } from '../../json/json-object.ts';
import { chooseProperties, findTag, optionsOf } from './chosen-properties.ts';
import { joinQuoted } from './join-quoted.ts';
import type { UnknownProperty } from './unknown-properties.ts';

const ROLE_OPTIONS = ['external_id', 'role_session_name', 'role_session_duration_seconds'];

/** A sentence for an unknown property of a valid config, which says what applies instead. */
export function describeUnknown(unknown: UnknownProperty, config: JsonObject): string {
  const { path, parent, parentPath, parentSchema } = unknown;
  if (path === 'max_db_connections') {
    return `"${path}" in the config has no effect: "concurrent_streams" and "scan.segments" determine how much is read at the same time.`;
  }
  if (unknown.isOfOtherOption) {
    const tag = findTag(optionsOf(parentSchema)) ?? '';
    return `"${path}" in the config has no effect with "${tag}": ${JSON.stringify(parent[tag])}.`;
  }
  if (parentPath !== '') {
    const known = Object.keys(chooseProperties(parent, parentSchema));
    return `"${path}" in the config has no effect, as "${parentPath}" takes only ${joinQuoted(known, 'and')}.`;
  }
  const consequence = hasEntries(config.tables)
    ? ''
    : ` "tables" is empty, so every table is read.`;
  return `"${path}" in the config has no effect, as this source has no such property.${consequence}`;
}

/**
 * A sentence for each known property of a valid config that changes nothing in combination with the others.
 *
 * @param config as the user wrote it, cleaned and without defaults.
 */
export function findIneffective(config: JsonObject, specification: JsonObject): readonly string[] {
  return [
    ...findOptionsWithoutRole(config, specification),
    ...(config.record_format === 'packed' && config.unlisted_attributes === 'emit'
      ? [
          `"unlisted_attributes" in the config has no effect, as packed records contain every attribute anyway.`,
        ]
      : []),
    ...findEmptyEntries(config.table_options),
    ...findOptionsOfOtherMethods(config, specification),
  ];
}

/** What changes nothing in a read by exports, which spends no read units. */
const OPTIONS_OF_SCANS = [
  ...['page_size', 'consistent_read', 'compress_responses'],
  ...['max_read_capacity_units', 'read_capacity_percent'],
];
/** By the replication method without which they change nothing. */
const OPTIONS_OF_METHODS = {
  Export: {
    names: ['export', 's3_endpoint'],
    need: 'the method "Export", or "Streams" with an export as its initial snapshot or to recover lost changes',
  },
  Streams: { names: ['streams_endpoint'], need: 'the method "Streams"' },
};

/** Whether a replication method reads exports, which a change stream may need too. */
function readsExports(replication: unknown): boolean {
  if (!isJsonObject(replication)) return false;
  const {
    method,
    initial_snapshot: snapshot,
    invalid_cdc_cursor_position_behavior: behavior,
  } = replication;
  if (method !== 'Streams') return method === 'Export';
  return snapshot === 'export' || behavior === 'Recover by export';
}

/** Finds options of another replication method than the one that is chosen, except defaults. */
function findOptionsOfOtherMethods(
  config: JsonObject,
  specification: JsonObject,
): readonly string[] {
  const { replication_method: replication } = config;
  const method = isJsonObject(replication) ? replication.method : 'Scan';
  const schema = chooseProperties({}, specification);
  const others = Object.entries(OPTIONS_OF_METHODS)
    .filter(([other]) => other !== method && (other !== 'Export' || !readsExports(replication)))
    .flatMap(([, { names, need }]) => names.map((name) => [name, need] as const))
    .filter(([name]) => ![undefined, schema[name]?.default].includes(config[name]))
    .map(([name, need]) => `"${name}" in the config has no effect without ${need}.`);
  return [...others, ...findOptionsOfScans(config, String(method), schema.scan ?? {})];
}

function findOptionsOfScans(
  { scan, table_options: entries }: JsonObject,
  method: string,
  schema: JsonObject,
): readonly string[] {
  const names = method === 'Export' ? OPTIONS_OF_SCANS : [];
  const ofEntries = method === 'Scan' ? [] : [...names, 'cursor_overlap'];
  const options = isJsonObject(scan) ? scan : {};
  const defaults = chooseProperties(options, schema);
  const list = Array.isArray(entries) ? (entries as readonly JsonObject[]) : [];
  const paths = [
    ...names
      .filter((name) => ![undefined, defaults[name]?.default].includes(options[name]))
      .map((name) => `scan.${name}`),
    ...list.flatMap((entry, index) =>
      ofEntries
        .filter((name) => entry[name] !== undefined)
        .map((name) => `table_options.${index}.${name}`),
    ),
  ];
  return paths.map(
    (path) => `"${path}" in the config has no effect on reads with the method "${method}".`,
  );
}

/** Finds role options without a role, except defaults, which forms send for fields that were left alone. */
function findOptionsWithoutRole(
  { credentials }: JsonObject,
  specification: JsonObject,
): readonly string[] {
  if (!isJsonObject(credentials) || credentials.auth_type !== 'Role') return [];
  if (credentials.role_arn !== undefined) return [];
  const schema = chooseProperties({}, specification).credentials ?? {};
  const properties = chooseProperties(credentials, schema);
  return ROLE_OPTIONS.filter(
    (name) => ![undefined, properties[name]?.default].includes(credentials[name]),
  ).map(
    (name) =>
      `"credentials.${name}" in the config has no effect without "role_arn", as no role is assumed.`,
  );
}

/** An entry without options still has an effect where a later one might match the same tables. */
function findEmptyEntries(entries: unknown): readonly string[] {
  if (!Array.isArray(entries)) return [];
  return (entries as readonly JsonObject[]).flatMap((entry, index) => {
    const names = Object.keys(entry);
    const isShield = names.includes('table') && index < entries.length - 1;
    return isShield || names.some((name) => name !== 'table')
      ? []
      : [`"table_options.${index}" in the config has no effect, as it sets no option.`];
  });
}

function hasEntries(list: unknown): boolean {
  return Array.isArray(list) && list.length > 0;
}
