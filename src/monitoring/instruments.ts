import type { StreamProgress } from './stream-progress.ts';

/** A value, and the attributes that it has besides the table. */
export interface Observation {
  readonly value: number;
  readonly outcome?: string;
  readonly state?: string;
}

/** Something that is measured of each stream. */
export interface Instrument {
  /** A sum only grows; a gauge tells how it is now. */
  readonly kind: 'sum' | 'gauge';
  readonly name: string;
  readonly unit: string;
  readonly description: string;
  readonly read: (stream: StreamProgress) => readonly Observation[];
}

type Description = Pick<Instrument, 'name' | 'unit' | 'description'>;

const MS_PER_SECOND = 1000;

/** Every instrument, in the order of docs/monitoring.md. */
export const INSTRUMENTS: readonly Instrument[] = [
  sum(
    { name: 'records', unit: '{record}', description: 'Records emitted.' },
    (stream) => stream.records,
  ),
  sum(
    { name: 'bytes', unit: 'By', description: 'Bytes of the records emitted.' },
    (stream) => stream.bytes,
  ),
  sum(
    { name: 'read_units', unit: '{read_unit}', description: 'Read units consumed.' },
    (stream) => stream.readUnits,
  ),
  sum(
    { name: 'changes', unit: '{change}', description: 'Change records emitted.' },
    (stream) => stream.changes?.changes ?? 0,
  ),
  gauge(
    {
      name: 'change_lag',
      unit: 's',
      description: 'Time since which changes may not have been read.',
    },
    ({ changes }) => (changes ? [{ value: changes.behindMs / MS_PER_SECOND }] : []),
  ),
  gauge(
    { name: 'shards', unit: '{shard}', description: 'Shards of the change stream, by state.' },
    listShards,
  ),
  sum(
    {
      name: 'throttles',
      unit: '{throttle}',
      description: 'Pauses because of throttling by DynamoDB.',
    },
    (stream) => stream.throttles,
  ),
  sum(
    {
      name: 'retries',
      unit: '{retry}',
      description: 'Pauses after any other temporary failure.',
    },
    (stream) => stream.retries,
  ),
  sum(
    { name: 'duration', unit: 's', description: 'Time since the stream began.' },
    (stream) => stream.elapsedMs / MS_PER_SECOND,
  ),
  sum(
    {
      name: 'input_wait',
      unit: 's',
      description: 'Part of the duration spent waiting for DynamoDB.',
    },
    (stream) => stream.inputWaitMs / MS_PER_SECOND,
  ),
  sum(
    {
      name: 'output_wait',
      unit: 's',
      description: 'Part of the duration spent waiting for the reader of the output.',
    },
    (stream) => stream.outputWaitMs / MS_PER_SECOND,
  ),
  {
    ...describe({
      name: 'streams',
      unit: '{stream}',
      description: 'Streams that ended, by outcome.',
    }),
    kind: 'sum',
    read: ({ outcome }) => (outcome === undefined ? [] : [{ value: 1, outcome }]),
  },
];

function sum(description: Description, read: (stream: StreamProgress) => number): Instrument {
  return { ...describe(description), kind: 'sum', read: (stream) => [{ value: read(stream) }] };
}

function gauge(description: Description, read: Instrument['read']): Instrument {
  return { ...describe(description), kind: 'gauge', read };
}

function describe({ name, ...rest }: Description): Description {
  return { name: `source_dynamodb.${name}`, ...rest };
}

function listShards({ changes }: StreamProgress): readonly Observation[] {
  if (changes === undefined) return [];
  return [
    { value: changes.openShards, state: 'open' },
    { value: changes.waitingShards, state: 'waiting' },
    { value: changes.finishedShards, state: 'finished' },
  ];
}
