import { success, type Reply } from '../fake-aws/replies.ts';
import { isJsonObject, type Json, type JsonObject } from '../json.ts';
import { KEY_SPACE, placeOf } from './fake-shard.ts';

const DEFAULT_PAGE_SIZE = 1000;

/**
 * Items with the key `pk` that may change while they are scanned.
 *
 * As in DynamoDB, a scan goes by the hash of the key: an item that is there all the time is read exactly once, whatever
 * becomes of others, and a start key need not exist any longer.
 */
export class ChangingItems {
  readonly #pageSize: number;
  /** Attributes by the value of the key. */
  readonly attributes: Map<string, JsonObject>;

  constructor(items: Readonly<Record<string, JsonObject>> = {}, pageSize = DEFAULT_PAGE_SIZE) {
    this.attributes = new Map(Object.entries(items));
    this.#pageSize = pageSize;
  }

  /** An item in DynamoDB JSON; undefined if there is none. */
  imageOf(pk: string): JsonObject | undefined {
    const attributes = this.attributes.get(pk);
    return attributes && { pk: { S: pk }, ...attributes };
  }

  scan(input: JsonObject): Reply {
    const { Segment = 0, TotalSegments = 1, Limit = this.#pageSize, ExclusiveStartKey } = input;
    const from = (KEY_SPACE * Number(Segment)) / Number(TotalSegments);
    const to = (KEY_SPACE * (Number(Segment) + 1)) / Number(TotalSegments);
    const start = readKey(ExclusiveStartKey);
    const size = Math.min(Number(Limit), this.#pageSize);
    const left = [...this.attributes.keys()]
      .map((pk) => ({ pk, place: placeOf(pk) }))
      .filter(({ place }) => from <= place && place < to)
      .sort(compare)
      .filter((item) => start === undefined || compare(item, start) > 0);
    const page = left.slice(0, size);
    const last = page.length < size ? undefined : page.at(-1);
    return success({
      Count: page.length,
      ScannedCount: page.length,
      Items: page.map(({ pk }) => this.imageOf(pk)),
      ...(last && { LastEvaluatedKey: { pk: { S: last.pk } } }),
    });
  }
}

interface Placed {
  readonly pk: string;
  readonly place: number;
}

function compare(one: Placed, other: Placed): number {
  return one.place - other.place || (one.pk < other.pk ? -1 : Number(one.pk > other.pk));
}

function readKey(startKey: Json | undefined): Placed | undefined {
  if (!isJsonObject(startKey) || !isJsonObject(startKey.pk)) return undefined;
  const pk = startKey.pk.S as string;
  return { pk, place: placeOf(pk) };
}
