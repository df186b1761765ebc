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

/** An `N` beyond 64-bit integers; counted separately, since a column of integers does not accept it. */
export const WIDE_N = 10;
/** An `N` with a fraction; counted separately for the same reason. */
export const FRACTION_N = 11;

/** How many types are counted. */
export const TYPE_COUNT = 12;

/** A number of one of the types above. */
export type TypeNumber = number;

/** A set of types: bit `1 << type` for each. */
export type TypeSet = number;

/** Every type. */
export const ALL_TYPES: TypeSet = (1 << TYPE_COUNT) - 1;

/** Makes a set of these types. */
export function typeSet(...types: readonly TypeNumber[]): TypeSet {
  return types.reduce((set, type) => set | (1 << type), 0);
}

const NAMES: readonly string[] = [
  ...ATTRIBUTE_TYPES,
  'N beyond a 64-bit integer',
  'N with a fraction',
];

/** The name of a type, for people. */
export function nameType(type: TypeNumber): string {
  return NAMES[type] ?? '?';
}
