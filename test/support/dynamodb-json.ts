import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import type { JsonObject } from './json.ts';
import type { Item } from './seed.ts';

/** What the SDK takes or returns as an item, as DynamoDB JSON. */
export function toDynamoDbJson(item: Item): JsonObject {
  return Object.fromEntries(
    Object.entries(item).map(([attribute, value]) => [attribute, valueToJson(value)]),
  );
}

function valueToJson(value: AttributeValue): JsonObject {
  if (value.B !== undefined) return { B: base64(value.B) };
  if (value.BS !== undefined) return { BS: value.BS.map(base64) };
  if (value.L !== undefined) return { L: value.L.map(valueToJson) };
  if (value.M !== undefined) return { M: toDynamoDbJson(value.M) };
  const { S, N, SS, NS, BOOL, NULL } = value;
  return JSON.parse(JSON.stringify({ S, N, SS, NS, BOOL, NULL })) as JsonObject;
}

function base64(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('base64');
}
