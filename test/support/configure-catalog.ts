import type { CatalogPayload, CatalogStream, SyncMode } from './messages.ts';

export interface ConfiguredStream {
  readonly stream: CatalogStream;
  readonly sync_mode: SyncMode;
  readonly destination_sync_mode: 'overwrite' | 'append';
  readonly cursor_field?: readonly string[];
}

export interface ConfiguredCatalog {
  readonly streams: readonly ConfiguredStream[];
}

export interface CatalogChoice {
  /** `full_refresh` by default. */
  readonly syncMode?: SyncMode;
  /** Names of the streams to read, all by default; one that the catalog lacks throws. */
  readonly streams?: readonly string[];
  readonly cursorField?: readonly string[];
}

/** What the platform makes of a discovered catalog when a user picks streams and a sync mode. */
export function configuredCatalog(
  catalog: CatalogPayload,
  choice: CatalogChoice = {},
): ConfiguredCatalog {
  const { syncMode = 'full_refresh', streams, cursorField } = choice;
  const chosen =
    streams === undefined ? catalog.streams : streams.map((name) => findStream(catalog, name));
  return {
    streams: chosen.map((stream) => ({
      stream,
      sync_mode: syncMode,
      destination_sync_mode: syncMode === 'full_refresh' ? 'overwrite' : 'append',
      ...(cursorField === undefined ? {} : { cursor_field: cursorField }),
    })),
  };
}

function findStream(catalog: CatalogPayload, name: string): CatalogStream {
  const found = catalog.streams.find((stream) => stream.name === name);
  if (found !== undefined) return found;
  const names = catalog.streams.map((stream) => stream.name).join(', ');
  throw new Error(`no stream ${name} in the catalog: ${names}`);
}
