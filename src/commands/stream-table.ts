import { isJsonObject } from '../json/json-object.ts';
import type { Catalog, StreamDefinition } from '../protocol/messages.ts';
import { formatCount } from '../text/figures.ts';
import { alignColumns } from '../text/text-table.ts';

const HEADINGS = ['stream', 'columns', 'sync modes', 'primary key'];

/** Describes the streams of a catalog for people: a line for each, and how to get the catalog itself. */
export function describeStreams({ streams }: Catalog): string {
  const rows = streams.map((stream) => [
    stream.name,
    formatCount(countColumns(stream)),
    stream.supported_sync_modes.join(', '),
    stream.source_defined_primary_key.map((path) => path.join('.')).join(', '),
  ]);
  return [
    ...alignColumns([HEADINGS, ...rows]),
    '',
    'Send the output to a file or a pipe to get the catalog in JSON. For read, use what "source-dynamodb catalog" writes.',
    '',
  ].join('\n');
}

function countColumns({ json_schema: { properties } }: StreamDefinition): number {
  if (properties instanceof Map) return properties.size;
  return isJsonObject(properties) ? Object.keys(properties).length : 0;
}
