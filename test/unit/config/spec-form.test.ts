import { Ajv } from 'ajv';
import { expect } from 'chai';
import { parse } from 'yaml';
import { readProjectFile } from '../../acceptance/acceptance-config.ts';
import { isJsonObject, type JsonObject } from '../../support/json.ts';
import { propertiesOf, subschemas } from '../../acceptance/subschemas.ts';

const spec = JSON.parse(await readProjectFile('spec.json')) as JsonObject;
const specification = spec.connectionSpecification as JsonObject;
const fields = [...subschemas(specification)].filter(({ path }) => /\/properties\/\w+$/.test(path));

function placesWhere(breaks: (schema: JsonObject) => boolean): readonly string[] {
  return fields.filter(({ schema }) => breaks(schema)).map(({ path }) => path);
}

/** Whether a person types something in: not a choice, a switch, or a group of fields. */
function isFilledIn(schema: JsonObject): boolean {
  const { type, items } = schema;
  if (type === 'array') return isJsonObject(items) && items.type === 'string';
  const isTyped = type === 'string' || type === 'integer' || type === 'number';
  return isTyped && !('enum' in schema) && !('const' in schema) && schema.airbyte_hidden !== true;
}

describe('the form that Airbyte draws of the specification', () => {
  it('has a title and a description for every field', () => {
    const isUndescribed = (schema: JsonObject): boolean =>
      !('title' in schema) || (!('description' in schema) && !('const' in schema));
    expect(placesWhere(isUndescribed)).to.deep.equal([]);
  });

  it('has an example, which is valid, for every field that is filled in', () => {
    const ajv = new Ajv({ strict: false });
    const lacksExample = (schema: JsonObject): boolean => {
      const examples = Array.isArray(schema.examples) ? (schema.examples as unknown[]) : [];
      return examples.length === 0 || !examples.every((example) => ajv.validate(schema, example));
    };
    expect(placesWhere((schema) => isFilledIn(schema) && lacksExample(schema))).to.deep.equal([]);
  });

  it('has defaults that are valid', () => {
    const ajv = new Ajv({ strict: false });
    const isWrong = (schema: JsonObject): boolean =>
      'default' in schema && !ajv.validate(schema, schema.default);
    expect(placesWhere(isWrong)).to.deep.equal([]);
  });

  it('says how what has a pattern looks', () => {
    const isBare = (schema: JsonObject): boolean =>
      'pattern' in schema && !('pattern_descriptor' in schema);
    expect(placesWhere(isBare)).to.deep.equal([]);
  });

  it('puts every field into a group that it has', () => {
    const groups = (specification.groups as readonly JsonObject[]).map(({ id }) => id);
    const used = Object.values(propertiesOf(specification)).map(
      (property) => (property as JsonObject).group,
    );
    expect([...new Set(used)]).to.have.members(groups);
  });

  it('offers the access key first', () => {
    const { oneOf } = propertiesOf(specification).credentials as JsonObject;
    const titles = (oneOf as readonly JsonObject[]).map(({ title }) => title);
    expect(titles[0]).to.equal('Access key');
  });

  it('links to the documentation that metadata.yaml names', async () => {
    const metadata = parse(await readProjectFile('metadata.yaml')) as { data: JsonObject };
    expect(spec.documentationUrl).to.equal(metadata.data.documentationUrl);
  });
});
