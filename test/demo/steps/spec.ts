import { isJsonObject, type JsonObject } from '../../support/json.ts';
import { renderColumns } from '../columns.ts';
import { expect, type DemoContext } from '../demo-context.ts';
import { runCommand } from '../run-command.ts';

const SHOWN_PROPERTIES = ['region', 'credentials', 'tables', 'exclude_tables', 'scan'];

/** Asks the connector what can be configured. */
export async function showSpec(demo: DemoContext): Promise<void> {
  const { terminal } = demo;
  terminal.step('spec', 'what can be configured?');
  const { spec } = await runCommand(demo, ['spec']);
  const properties = spec?.connectionSpecification.properties;
  expect(isJsonObject(properties), 'spec has no properties.');
  const rows = SHOWN_PROPERTIES.map((name) => [name, describeProperty(properties[name])]);
  terminal.table(renderColumns([{ heading: 'Property' }, { heading: 'Meaning' }], rows));
  const others = Object.keys(properties).length - rows.length;
  terminal.success(`and ${others} others. Only region and credentials are required.`);
}

/** The first sentence of its description. */
function describeProperty(property: JsonObject[string] | undefined): string {
  const description = isJsonObject(property) ? property.description : undefined;
  expect(typeof description === 'string', 'A property of spec has no description.');
  return description.split(/(?<=\.) /)[0] ?? description;
}
