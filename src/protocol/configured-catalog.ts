import { ConfigError } from '../errors.ts';
import { isJsonObject, type JsonObject } from '../json/json-object.ts';
import { compileValidator } from '../json/json-validator.ts';
import { describeViolation } from './catalog-violations.ts';
import type { StreamDescriptor, SyncMode } from './messages.ts';

/** A stream as the user configured it. */
export interface ConfiguredStream {
  readonly descriptor: StreamDescriptor;
  readonly syncMode: SyncMode;
  /** What the destination does with the records, like `append`; undefined if the catalog does not say. */
  readonly destinationSyncMode?: string;
  /** JSON schema of the records, as the user left it. */
  readonly jsonSchema: Readonly<Record<string, unknown>>;
  /** Path of the cursor that the user chose; empty without one. */
  readonly cursorField: readonly string[];
}

interface RawConfiguredCatalog {
  readonly streams: readonly {
    readonly stream: {
      readonly name: string;
      readonly namespace?: string | null;
      readonly json_schema?: Readonly<Record<string, unknown>> | null;
    };
    readonly sync_mode: SyncMode;
    readonly destination_sync_mode?: string | null;
    readonly cursor_field?: readonly string[] | null;
  }[];
}

const MAKE_ONE =
  'Create a configured catalog with: source-dynamodb catalog --config config.json > catalog.json';
const CONFIGURED_CATALOG_SCHEMA = {
  type: 'object',
  required: ['streams'],
  properties: {
    streams: {
      type: 'array',
      items: {
        type: 'object',
        required: ['stream', 'sync_mode'],
        properties: {
          stream: {
            type: 'object',
            required: ['name'],
            properties: {
              name: { type: 'string', minLength: 1 },
              // It is part of every record's line, for whose beginning the transcoder has 16 KB.
              namespace: { type: ['string', 'null'], maxLength: 1000 },
              json_schema: {
                type: ['object', 'null'],
                // Anything else would list no attributes, and every record would be empty.
                properties: { properties: { type: ['object', 'null'] } },
              },
            },
          },
          sync_mode: { enum: ['full_refresh', 'incremental'] },
          destination_sync_mode: { type: ['string', 'null'] },
          cursor_field: { type: ['array', 'null'], items: { type: 'string' } },
        },
      },
    },
  },
};

/**
 * Validates a configured catalog. Absent members and nulls mean the same.
 *
 * @throws ConfigError that names every violation, including an unknown sync mode, a stream configured twice, or what
 * the file is instead of a configured catalog.
 */
export function parseConfiguredCatalog(input: unknown): readonly ConfiguredStream[] {
  rejectOtherFiles(input);
  const validate = compileValidator<RawConfiguredCatalog>(CONFIGURED_CATALOG_SCHEMA);
  if (!validate(input)) {
    const violations = (validate.errors ?? []).map(describeViolation).join('; ');
    throw new ConfigError(`The configured catalog is not valid: ${violations}. ${MAKE_ONE}`);
  }
  const streams = input.streams.map((configured) => ({
    descriptor: {
      name: configured.stream.name,
      ...(configured.stream.namespace && { namespace: configured.stream.namespace }),
    },
    syncMode: configured.sync_mode,
    ...(configured.destination_sync_mode && {
      destinationSyncMode: configured.destination_sync_mode,
    }),
    jsonSchema: configured.stream.json_schema ?? {},
    cursorField: configured.cursor_field ?? [],
  }));
  rejectRepeats(streams);
  return streams;
}

/** Rejects other files that were passed by mistake, with sentences of their own. */
function rejectOtherFiles(input: unknown): void {
  const [first] = (Array.isArray(input) ? input : [input]) as readonly unknown[];
  if (!isJsonObject(first)) return;
  if (isJsonObject(first.credentials)) {
    throw new ConfigError(
      'The configured catalog is a config. Pass the catalog with --catalog, and the config with --config.',
    );
  }
  if (['STATE', 'STREAM', 'GLOBAL'].includes(String(first.type)) || 'stream_descriptor' in first) {
    throw new ConfigError(
      'The configured catalog is a state. Pass the catalog with --catalog, and the state with --state.',
    );
  }
  if (isDiscovered(first)) {
    throw new ConfigError(
      `This is a catalog as "discover" prints it, which does not say how each stream is to be read. ${MAKE_ONE}`,
    );
  }
  if (isOfApi(first)) {
    throw new ConfigError(
      `This is a catalog as Airbyte's API and screens show it, with "config" beside "stream" or names in camelCase. ${MAKE_ONE}`,
    );
  }
  if (isOfSinger(first)) {
    throw new ConfigError(
      `This is a Singer catalog, with "tap_stream_id" or "schema" in its streams. ${MAKE_ONE}`,
    );
  }
}

/** Whether it is what discover writes, or the `catalog` in it. */
function isDiscovered(input: JsonObject): boolean {
  if (isJsonObject(input.catalog)) return true;
  return listStreams(input).some((stream) => 'json_schema' in stream && !('stream' in stream));
}

/** Whether it is a catalog of Airbyte's API, whose `jsonSchema` and `syncMode` would be ignored as unknown members. */
function isOfApi(input: JsonObject): boolean {
  const isOfStreams = listStreams(input).some(
    (configured) =>
      'syncMode' in configured ||
      (isJsonObject(configured.stream) &&
        (isJsonObject(configured.config) || 'jsonSchema' in configured.stream)),
  );
  return isOfStreams || isJsonObject(input.syncCatalog);
}

function isOfSinger(input: JsonObject): boolean {
  return listStreams(input).some((stream) => 'tap_stream_id' in stream || 'schema' in stream);
}

function listStreams({ streams }: JsonObject): readonly JsonObject[] {
  return Array.isArray(streams) ? streams.filter(isJsonObject) : [];
}

function rejectRepeats(streams: readonly ConfiguredStream[]): void {
  const seen = new Set<string>();
  for (const { descriptor } of streams) {
    if (seen.has(descriptor.name)) {
      throw new ConfigError(
        `The configured catalog lists the stream ${descriptor.name} twice. Remove one of them.`,
      );
    }
    seen.add(descriptor.name);
  }
}
