import type { JsonObject } from '../json.ts';

/** A change, its items in DynamoDB JSON. */
export interface FakeChange {
  readonly keys: JsonObject;
  /** Absent for a delete. */
  readonly newImage?: JsonObject;
  /** Absent for an insert. */
  readonly oldImage?: JsonObject;
  /** Whether DynamoDB deleted the item by its time to live. */
  readonly isTtl?: boolean;
}

/** What an entry says besides the change itself. */
export interface EntryContext {
  readonly sequence: string;
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly viewType: string;
}

/** An entry of `Records` as GetRecords writes it. */
export function renderEntry(change: FakeChange, { sequence, at, viewType }: EntryContext): string {
  const { keys, newImage, oldImage, isTtl = false } = change;
  const put = oldImage === undefined ? 'INSERT' : 'MODIFY';
  const hasNew = newImage !== undefined && viewType.includes('NEW');
  const hasOld = oldImage !== undefined && viewType.includes('OLD');
  return JSON.stringify({
    eventID: sequence,
    eventName: newImage === undefined ? 'REMOVE' : put,
    eventVersion: '1.1',
    eventSource: 'aws:dynamodb',
    awsRegion: 'us-east-1',
    dynamodb: {
      ApproximateCreationDateTime: Math.floor(at / 1000),
      Keys: keys,
      ...(hasNew && { NewImage: newImage }),
      ...(hasOld && { OldImage: oldImage }),
      SequenceNumber: sequence,
      SizeBytes: 26,
      StreamViewType: viewType,
    },
    ...(isTtl && { userIdentity: { PrincipalId: 'dynamodb.amazonaws.com', Type: 'Service' } }),
  });
}
