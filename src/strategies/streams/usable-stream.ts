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
  const reason =
    changeStream?.isEnabled === true
      ? `has a change stream with the view ${changeStream.viewType ?? 'unknown'}, which lacks new images`
      : 'has no enabled change stream';
  return `The table ${name} ${reason}, so it can only be read as a whole. To read its changes, enable one with the view NEW_AND_OLD_IMAGES: aws dynamodb update-table --table-name ${name} --stream-specification StreamEnabled=true,StreamViewType=NEW_AND_OLD_IMAGES`;
}
