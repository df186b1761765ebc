import type { Config } from '../config/config.ts';
import { findUnusedScans } from '../config/choose-scan.ts';
import type { NamedTable } from '../config/table-selection.ts';
import { callPatiently } from '../aws/calls/patient-call.ts';
import { describeTable, listTableNames, type Table } from '../aws/dynamodb/tables.ts';
import { ConfigError } from '../errors.ts';
import type { SourceContext } from '../strategies/source-context.ts';
import { PermissionFailures } from './permission-failures.ts';
import { mapConcurrently } from './map-concurrently.ts';
import { rejectSameNames, warnOfFoldedNames } from './same-names.ts';
import { findAbsence, isGone, createAbsenceError } from './table-presence.ts';

// DescribeTable and a sample take some ten milliseconds each and cost little; so a hundred tables take a few seconds.
const TABLES_AT_A_TIME = 16;

/**
 * Describes and inspects the tables that the config selects, several at a time. The results are ordered by name.
 *
 * Tables that the credentials may not read are left out with a warning, or named in the error, as configured. Tables
 * that ListTables returns but that are gone, archived or still being created are left out with a warning. Any other
 * failure stops the work on the other tables.
 *
 * @param inspect uses the context that is passed to it, whose signal is aborted after such a failure.
 * @throws ConfigError when there is no table, one does not exist, or one may not be read; TransientError.
 */
export async function inspectTables<Result>(
  context: SourceContext,
  inspect: (table: Table, context: SourceContext) => Promise<Result>,
): Promise<readonly Result[]> {
  const selected = await selectTables(context);
  const failures = new PermissionFailures(context.config, context.logger);
  const given = new Set(selected.map(({ reference }) => reference));
  const inspectOne = async (named: NamedTable, stoppable: SourceContext) => {
    const table = await describeSelected(stoppable, named);
    // A table that the config names by its ARN may be listed too.
    const isRepeated = table.arn !== named.reference && given.has(table.arn ?? '');
    if (isRepeated || !isPresent(context, table, named)) return undefined;
    return { table, result: await inspect(table, stoppable) };
  };
  const found = await mapTables(context, selected, (named, stoppable) =>
    failures.collect(named.name, () =>
      unlessGone(context, named, () => inspectOne(named, stoppable)),
    ),
  );
  failures.throwIfAny();
  const present = found.filter((entry) => entry !== undefined);
  if (present.length === 0) throw reportNoTable(context.config);
  present.sort((a, b) => (a.table.name < b.table.name ? -1 : 1));
  rejectSameNames(present.map((entry) => entry.table));
  const names = present.map((entry) => entry.table.name);
  warnOfFoldedNames(names, context.logger);
  for (const warning of findUnusedScans(context.config, names)) context.logger.warn(warning);
  return present.map((entry) => entry.result);
}

/**
 * Finds the table of a stream.
 *
 * @throws ConfigError for a table that the config does not select, since the connector does not touch what was not
 * chosen.
 */
export function findSelected({ tables }: Config, name: string): NamedTable {
  const named = tables.named.find((table) => table.name === name);
  if (named !== undefined) return named;
  if (tables.matchesListed(name)) return { name, reference: name };
  throw new ConfigError(
    `The config does not select the table ${name}. Add it to "tables" (or remove it from "exclude_tables"), or remove the stream from the connection.`,
  );
}

/** Describes a table, waiting out temporary failures. */
export async function describeSelected(
  { connection, logger, patience }: SourceContext,
  named: NamedTable,
): Promise<Table> {
  const call = { action: 'dynamodb:DescribeTable', resource: named.reference };
  const table = await callPatiently(connection, call, patience, () =>
    describeTable(connection, named, patience.signal),
  );
  logger.debug(`${table.name}: DynamoDB describes it as ${JSON.stringify(table)}.`);
  return table;
}

async function selectTables(context: SourceContext): Promise<readonly NamedTable[]> {
  const { named, needsListing, matchesListed, findUnused } = context.config.tables;
  const existing = needsListing ? await listNames(context) : [];
  for (const warning of findUnused(existing)) context.logger.warn(warning);
  const listed = existing.filter(matchesListed);
  const known = new Set(named.map((table) => table.reference));
  const others = listed.filter((name) => !known.has(name));
  return [...named, ...others.map((name) => ({ name, reference: name }))];
}

async function listNames({ connection, patience }: SourceContext): Promise<readonly string[]> {
  const names: string[] = [];
  for await (const name of listTableNames(connection, patience)) names.push(name);
  return names;
}

/** Maps several tables at a time, with a context whose signal the first failure aborts. */
export function mapTables<Item, Result>(
  context: SourceContext,
  items: readonly Item[],
  map: (item: Item, stoppable: SourceContext) => Promise<Result>,
): Promise<Result[]> {
  const { patience } = context;
  const options = { limit: TABLES_AT_A_TIME, signal: patience.signal };
  return mapConcurrently(items, options, (item, signal) =>
    map(item, { ...context, patience: { ...patience, signal } }),
  );
}

/** @throws ConfigError for a table that the user named and that cannot be read at present. */
function isPresent({ config, logger }: SourceContext, table: Table, named: NamedTable): boolean {
  const absence = findAbsence(table);
  if (absence === undefined) return true;
  if (config.tables.named.includes(named)) throw createAbsenceError(table, absence);
  logger.warn(`The table ${table.name} is left out: ${absence}.`);
  return false;
}

/** Returns what the call returns; undefined if the table has disappeared since ListTables returned it. */
async function unlessGone<Result>(
  { config, logger }: SourceContext,
  named: NamedTable,
  call: () => Promise<Result>,
): Promise<Result | undefined> {
  try {
    return await call();
  } catch (error) {
    if (config.tables.named.includes(named) || !isGone(error)) throw error;
    logger.warn(`The table ${named.name} is left out: it was listed, but it is gone or archived.`);
    return undefined;
  }
}

function reportNoTable(config: Config): ConfigError {
  const { named, needsListing } = config.tables;
  const isFiltered = named.length > 0 || !needsListing;
  return new ConfigError(
    `There is no table to read in ${config.region}. Check "region"${isFiltered ? ' and "tables"' : ', "tables" and "exclude_tables"'}, and that the credentials belong to the right account.`,
  );
}
