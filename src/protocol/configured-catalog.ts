import { ConfigError } from '../errors.ts';
import { compileValidator, type ErrorObject } from '../json/json-validator.ts';
import type { StreamDescriptor, SyncMode } from './messages.ts';

/** A stream as the user configured it. */
export interface ConfiguredStream {
  readonly descriptor: StreamDescriptor;
  readonly syncMode: SyncMode;
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
    readonly cursor_field?: readonly string[] | null;
  }[];
}

const NULLABLE_OBJECT = { type: ['object', 'null'] };
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
              // It stands in every record's line, before which the transcoder keeps room for 16 KB.
              namespace: { type: ['string', 'null'], maxLength: 1000 },
              json_schema: NULLABLE_OBJECT,
            },
          },
          sync_mode: { enum: ['full_refresh', 'incremental'] },
          cursor_field: { type: ['array', 'null'], items: { type: 'string' } },
        },
      },
    },
  },
};

/**
 * Validates a configured catalog. Absent members and nulls mean the same.
 *
 * @throws ConfigError that names every violation, an unknown sync mode among them, and a stream configured twice.
 */
export function parseConfiguredCatalog(input: unknown): readonly ConfiguredStream[] {
  const validate = compileValidator<RawConfiguredCatalog>(CONFIGURED_CATALOG_SCHEMA);
  if (!validate(input)) {
    const violations = (validate.errors ?? []).map(describeViolation).join('; ');
    throw new ConfigError(
      `The configured catalog is not valid: ${violations}. Make one with "discover" or "catalog", and choose full_refresh or incremental for each stream.`,
    );
  }
  const streams = input.streams.map((configured) => ({
    descriptor: {
      name: configured.stream.name,
      ...(configured.stream.namespace && { namespace: configured.stream.namespace }),
    },
    syncMode: configured.sync_mode,
    jsonSchema: configured.stream.json_schema ?? {},
    cursorField: configured.cursor_field ?? [],
  }));
  rejectRepeats(streams);
  return streams;
}

function rejectRepeats(streams: readonly ConfiguredStream[]): void {
  const seen = new Set<string>();
  for (const { descriptor } of streams) {
    if (seen.has(descriptor.name)) {
      throw new ConfigError(
        `The configured catalog lists the stream ${descriptor.name} twice. Leave one of them.`,
      );
    }
    seen.add(descriptor.name);
  }
}

function describeViolation(error: ErrorObject): string {
  const place = error.instancePath === '' ? 'it' : error.instancePath;
  return `${place} ${error.message ?? 'is invalid'}`;
}
