import { DescribeStreamCommand, GetShardIteratorCommand } from '@aws-sdk/client-dynamodb-streams';
import { SystemError } from '../../errors.ts';
import { callPatiently, type Patience } from '../calls/patient-call.ts';
import { sendMended } from '../calls/send-mended.ts';
import type { StreamsConnection } from './streams-connection.ts';

/** A shard as DescribeStream lists it. */
export interface Shard {
  readonly id: string;
  readonly parentId?: string;
  /** Whether it takes no more entries. It may hold some that nobody has read yet. */
  readonly isClosed: boolean;
}

/** One page of DescribeStream. */
export interface ShardPage {
  readonly status: 'ENABLED' | 'DISABLED' | 'ENABLING' | 'DISABLING';
  /** `NEW_IMAGE`, `NEW_AND_OLD_IMAGES`, `OLD_IMAGE` or `KEYS_ONLY`. */
  readonly viewType?: string;
  /** At most 100. */
  readonly shards: readonly Shard[];
  /** Where the next page begins behind; absent on the last one. */
  readonly lastShardId?: string;
}

/** A shard of a change stream. */
export interface ShardPlace {
  readonly arn: string;
  readonly shardId: string;
}

/** Where a shard is read from. */
export type ShardPosition =
  { readonly kind: 'beginning' } | { readonly kind: 'after'; readonly sequenceNumber: string };

/**
 * Asks for the shards behind one of them, or for the first ones.
 *
 * @see https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_streams_DescribeStream.html
 * @throws ConnectorError, whose reason is `missing` for an unknown change stream; or the signal's reason.
 */
export function describeStream(
  connection: StreamsConnection,
  place: { readonly arn: string; readonly startShardId?: string | undefined },
  patience: Patience,
): Promise<ShardPage> {
  const command = new DescribeStreamCommand({
    StreamArn: place.arn,
    ExclusiveStartShardId: place.startShardId,
  });
  const call = { action: 'dynamodb:DescribeStream', resource: place.arn };
  return callPatiently(connection, call, patience, async () => {
    const { StreamDescription: description } = await sendMended(connection, () =>
      connection.client.send(command, { abortSignal: patience.signal }),
    );
    const { StreamViewType: viewType, LastEvaluatedShardId: lastShardId } = description ?? {};
    return {
      status: description?.StreamStatus ?? 'ENABLED',
      ...(viewType !== undefined && { viewType }),
      shards: (description?.Shards ?? []).flatMap((shard) => {
        const { ShardId: id, ParentShardId: parentId, SequenceNumberRange: range } = shard;
        if (id === undefined) return [];
        const isClosed = range?.EndingSequenceNumber !== undefined;
        return { id, ...(parentId !== undefined && { parentId }), isClosed };
      }),
      ...(lastShardId !== undefined && { lastShardId }),
    };
  });
}

/**
 * Asks for an iterator, which holds for 15 minutes.
 *
 * @see https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_streams_GetShardIterator.html
 * @throws ConnectorError, whose reason is `position lost` for a position that was trimmed, `missing` for an unknown
 * shard or change stream; or the signal's reason.
 */
export function getShardIterator(
  connection: StreamsConnection,
  { arn, shardId, position }: ShardPlace & { readonly position: ShardPosition },
  patience: Patience,
): Promise<string> {
  const command = new GetShardIteratorCommand({
    StreamArn: arn,
    ShardId: shardId,
    ...(position.kind === 'beginning'
      ? { ShardIteratorType: 'TRIM_HORIZON' }
      : {
          ShardIteratorType: 'AFTER_SEQUENCE_NUMBER',
          SequenceNumber: position.sequenceNumber,
        }),
  });
  const call = { action: 'dynamodb:GetShardIterator', resource: arn };
  return callPatiently(connection, call, patience, async () => {
    const { ShardIterator: iterator } = await sendMended(connection, () =>
      connection.client.send(command, { abortSignal: patience.signal }),
    );
    if (iterator !== undefined) return iterator;
    throw new SystemError('The answer to dynamodb:GetShardIterator holds no iterator.');
  });
}
