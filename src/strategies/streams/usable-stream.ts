import type { Table, TableChangeStream } from '../../aws/dynamodb/tables.ts';

// Those that tell what a record becomes.
const USABLE_VIEWS = ['NEW_IMAGE', 'NEW_AND_OLD_IMAGES'];

/** The change stream of a table if it is enabled and holds new images. */
export function findUsableStream({ changeStream }: Table): TableChangeStream | undefined {
  if (changeStream?.isEnabled !== true) return undefined;
  return USABLE_VIEWS.includes(changeStream.viewType ?? '') ? changeStream : undefined;
}

/** Why the changes of a table cannot be read, and what to do; undefined when they can. */
export function describeObstacle(table: Table): string | undefined {
  if (findUsableStream(table) !== undefined) return undefined;
  const { name, changeStream } = table;
  const command = `aws dynamodb update-table --table-name ${name} --stream-specification StreamEnabled=true,StreamViewType=NEW_AND_OLD_IMAGES`;
  // DynamoDB refuses to enable a second one, so the command alone would fail.
  return changeStream?.isEnabled === true
    ? `The table ${name} has a change stream with the view ${changeStream.viewType ?? 'unknown'}, which lacks new images, so it can only be read as a whole. To read its changes, disable that one, if nobody else needs it, and then enable one with the view NEW_AND_OLD_IMAGES: ${command}`
    : `The table ${name} has no enabled change stream, so it can only be read as a whole. To read its changes, enable one with the view NEW_AND_OLD_IMAGES: ${command}`;
}

/**
 * Whether two change streams, by their ARNs, are of the same table. A state may name one of another table: where it was
 * copied, or where the config has another account now.
 */
export function isOfSameTable(one: string, other: string): boolean {
  return one.split('/stream/', 1)[0] === other.split('/stream/', 1)[0];
}
