/** DynamoDB's attribute types, numbered as the transcoder counts them. */
export const ATTRIBUTE_TYPES = ['S', 'N', 'B', 'BOOL', 'NULL', 'M', 'L', 'SS', 'NS', 'BS'] as const;

/** The number of each type. */
export const S = 0;
export const N = 1;
export const B = 2;
export const BOOL = 3;
export const NULL = 4;
export const M = 5;
export const L = 6;
export const SS = 7;
export const NS = 8;
export const BS = 9;

/** An `N` that is no 64-bit integer; counted apart, since a column of integers does not take it. */
export const WIDE_N = 10;

/** A number of one of the types above. */
export type TypeNumber = number;

/** A set of types: bit `1 << type` for each. */
export type TypeSet = number;

/** Every type. */
export const ALL_TYPES: TypeSet = (1 << (WIDE_N + 1)) - 1;

/** The set of these types. */
export function typeSet(...types: readonly TypeNumber[]): TypeSet {
  return types.reduce((set, type) => set | (1 << type), 0);
}

/** How people call a type. */
export function nameType(type: TypeNumber): string {
  return type === WIDE_N ? 'N beyond a 64-bit integer' : (ATTRIBUTE_TYPES[type] ?? '?');
}
