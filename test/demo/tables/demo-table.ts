import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import type { Item, TableDefinition } from '../../support/seed.ts';

/** A table of the demo, and how to make what is in it. */
export interface DemoTable {
  readonly definition: TableDefinition;
  readonly itemCount: number;
  /** What is worth a look in it, for people. */
  readonly remark: string;
  /** Makes `itemCount` items, the same ones every time. */
  makeItems(): Iterable<Item>;
}

/** Attribute values in DynamoDB's own notation. */
export const text = (S: string): AttributeValue => ({ S });
export const number = (N: string | number): AttributeValue => ({ N: String(N) });
export const bytes = (B: Uint8Array): AttributeValue => ({ B });
export const flag = (BOOL: boolean): AttributeValue => ({ BOOL });
export const map = (M: Item): AttributeValue => ({ M });
export const list = (L: AttributeValue[]): AttributeValue => ({ L });
export const textSet = (SS: readonly string[]): AttributeValue => ({ SS: [...new Set(SS)] });
export const numberSet = (NS: readonly string[]): AttributeValue => ({ NS: [...new Set(NS)] });
export const nothing: AttributeValue = { NULL: true };

/** The names of the key attributes, partition key first. */
export function keyNames({ partitionKey, sortKey }: TableDefinition): readonly string[] {
  return sortKey === undefined ? [partitionKey.name] : [partitionKey.name, sortKey.name];
}
