import { isJsonObject, type JsonObject } from '../../support/json.ts';
import type { CatalogStream } from '../../support/messages.ts';
import { renderColumns } from '../columns.ts';
import { expect, type DemoContext } from '../demo-context.ts';
import { runCommand } from '../run-command.ts';
import { DEMO_TABLES } from '../tables/all-tables.ts';

/** Discovers the streams and shows what the connector learnt of each from a sample. */
export async function showDiscover(demo: DemoContext): Promise<void> {
  const { terminal } = demo;
  terminal.step('discover', 'which streams are there, and what is in them?');
  const { catalog } = await runCommand(demo, ['discover', '--config', 'config.json']);
  const streams = catalog?.streams ?? [];
  const tables = DEMO_TABLES.length;
  expect(streams.length === tables, `${streams.length} streams for ${tables} tables.`);
  const columns = [
    { heading: 'Stream' },
    { heading: 'Primary key' },
    { heading: 'Attributes', align: 'right' },
    { heading: 'For example' },
  ] as const;
  terminal.table(renderColumns(columns, streams.map(describeStream)));
  terminal.success(`${streams.length} streams, each of them resumable.`);
}

function describeStream(stream: CatalogStream): readonly string[] {
  const key = stream.source_defined_primary_key?.map((path) => path.join('.')) ?? [];
  const properties = stream.json_schema.properties;
  const attributes = isJsonObject(properties) ? properties : {};
  return [
    stream.name,
    key.join(' + '),
    String(Object.keys(attributes).length),
    describeExample(attributes, key),
  ];
}

/** The attribute of the richest type that is no key: of several types, else nested, else binary, else the first. */
function describeExample(attributes: JsonObject, key: readonly string[]): string {
  const others = Object.entries(attributes)
    .filter(([name]) => !key.includes(name))
    .map(([name, schema]) => ({ name, type: describeType(schema) }));
  const example =
    others.find(({ type }) => type.includes(', ')) ??
    others.find(({ type }) => type === 'object') ??
    others.find(({ type }) => type === 'array') ??
    others[0];
  return example === undefined ? '' : `${example.name}: ${example.type}`;
}

/** `number, string`; nullable, as everything but the key is. */
function describeType(schema: JsonObject[string] | undefined): string {
  const type = isJsonObject(schema) ? schema.type : undefined;
  const types = Array.isArray(type) ? type : [type];
  return types.filter((name) => name !== 'null').join(', ');
}
