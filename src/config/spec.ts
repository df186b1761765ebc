import { readFileSync } from 'node:fs';
import type { JsonObject } from '../json/json-object.ts';

/** The connector's specification, as spec.json holds it. */
export interface ConnectorSpecification {
  readonly connectionSpecification: JsonObject;
}

// Named in package.json.
const SPEC_FILE = new URL(import.meta.resolve('#spec.json'));

/** spec.json, parsed. */
export function readSpec(): ConnectorSpecification {
  return JSON.parse(readFileSync(SPEC_FILE, 'utf8')) as ConnectorSpecification;
}
