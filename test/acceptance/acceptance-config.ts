import { readFile } from 'node:fs/promises';
import { parse } from 'yaml';
import type { Engine } from '../support/engine.ts';
import { parseJsonObject, type JsonObject } from '../support/json.ts';

/** An entry of `acceptance-test-config.yml`, in its own spelling. */
export interface AcceptanceEntry {
  readonly config_path: string;
  readonly spec_path?: string;
  readonly status?: 'succeed' | 'failed';
  readonly configured_catalog_path?: string;
  readonly future_state?: { readonly future_state_path: string };
  readonly empty_streams?: readonly { readonly name: string }[];
}

export type AcceptanceSection =
  'spec' | 'connection' | 'discovery' | 'basic_read' | 'full_refresh' | 'incremental';

interface AcceptanceFile {
  readonly acceptance_tests: Readonly<
    Record<AcceptanceSection, { readonly tests: readonly AcceptanceEntry[] }>
  >;
}

const PROJECT = new URL('../../../', import.meta.url);
/** What the configs hold in place of the engine's address. */
const PLACEHOLDER_ENDPOINT = 'http://localhost:8000';

/** What a section of `acceptance-test-config.yml` lists, in its order. */
export async function acceptanceEntries(
  section: AcceptanceSection,
): Promise<readonly AcceptanceEntry[]> {
  const file = parse(await readProjectFile('acceptance-test-config.yml')) as AcceptanceFile;
  return file.acceptance_tests[section].tests;
}

/** A config that an entry names, with the engine's address in it. */
export async function acceptanceConfig(
  path: string,
  engine: Pick<Engine, 'endpoint'>,
): Promise<JsonObject> {
  const text = await readProjectFile(path);
  return parseJsonObject(text.replaceAll(PLACEHOLDER_ENDPOINT, engine.endpoint));
}

/** The text of a file, its path taken from the root of the repository. */
export function readProjectFile(path: string): Promise<string> {
  return readFile(new URL(path, PROJECT), 'utf8');
}
