import type { Table } from '../aws/dynamodb/tables.ts';
import { chooseScan } from '../config/choose-scan.ts';
import type { Config } from '../config/config.ts';
import type { ConfiguredStream } from '../protocol/configured-catalog.ts';
import type { Logger } from '../protocol/logger.ts';
import { createRecordLine } from '../protocol/record-line.ts';
import { type ListedAttributes, readListedAttributes } from '../records/listed-attributes.ts';
import type { RecordTranscoder } from '../records/transcoder.ts';
import { chooseMethod } from '../strategies/choose-method.ts';
import type { TranscoderEngine } from '../records/transcoder-engine.ts';
import type { ReadPlan } from '../strategies/replication-method.ts';

/** What opening a session needs. */
export interface SessionInput {
  readonly engine: TranscoderEngine;
  readonly config: Config;
  readonly stream: ConfiguredStream;
  readonly table: Table;
  readonly logger: Logger;
  readonly plan: ReadPlan;
}

/** Opens the session that transcodes the records of a stream; the caller must close it. */
export function openSession(input: SessionInput): RecordTranscoder {
  const { engine, config, stream, table, logger, plan } = input;
  const reserved = new Set(chooseMethod(config).columns(table).keys());
  const listed = listAttributes(input, reserved);
  if (config.records.format === 'packed' && listed?.has('data') === false) {
    logger.warn(
      `${stream.descriptor.name}: records are packed, but the configured catalog has no column called "data". Refresh the source's schema to get the items.`,
    );
  }
  const keys = table.keys.map((key) => key.name);
  const { projection } = chooseScan(config, table.name);
  return engine.openSession({
    line: createRecordLine(stream.descriptor),
    config: config.records,
    listed,
    keys,
    reserved,
    ...(projection !== undefined && { projected: new Set([...keys, ...projection]) }),
    ...(plan.kind === 'cursor' && { watch: plan.watch }),
  });
}

/** What the catalog lists, without the columns that are not of the items. */
function listAttributes(
  { stream, config }: SessionInput,
  reserved: ReadonlySet<string>,
): ListedAttributes {
  const listed = readListedAttributes(stream.jsonSchema, config.records);
  return listed && new Map([...listed].filter(([name]) => !reserved.has(name)));
}
