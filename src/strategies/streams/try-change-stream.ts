import { callPatiently } from '../../aws/calls/patient-call.ts';
import { PageBuffer } from '../../aws/calls/page-buffer.ts';
import { fetchChanges } from '../../aws/streams/change-page.ts';
import { CompactRecords } from '../../aws/streams/change-records.ts';
import { describeStream, getShardIterator } from '../../aws/streams/change-stream.ts';
import { connectStreams } from '../../aws/streams/streams-connection.ts';
import type { SourceContext } from '../source-context.ts';

/**
 * Tries the three calls that reading a change stream takes.
 *
 * @throws ConfigError that names the missing action, TransientError.
 */
export async function tryChangeStream(
  arn: string,
  { config, connection, patience }: SourceContext,
): Promise<void> {
  const streams = connectStreams(config, connection);
  try {
    const { shards } = await describeStream(streams, { arn }, patience);
    // A closed shard may be gone by now.
    const shard = shards.findLast(({ isClosed }) => !isClosed) ?? shards.at(-1);
    if (shard === undefined) return;
    const place = { arn, shardId: shard.id, position: { kind: 'beginning' } as const };
    const iterator = await getShardIterator(streams, place, patience);
    const call = { action: 'dynamodb:GetRecords', resource: arn };
    await callPatiently(streams, call, patience, () =>
      fetchChanges(
        streams,
        { iterator, limit: 1 },
        { buffer: new PageBuffer(), records: new CompactRecords() },
        patience.signal,
      ),
    );
  } finally {
    streams.close();
  }
}
