import fc from 'fast-check';

/** An attribute's name, and the JSON string token that stands for it on the wire. */
export interface WireName {
  readonly name: string;
  readonly token: string;
}

/** Strings that look like the JSON around them, or that encoders get wrong. */
const HOSTILE_STRINGS = [
  ...['', '"', '\\', '\\"', '/', ']', '}', ']}', '"}},{"', '"Items":[', '\\u0041', ':{"', '{"S":"'],
  ...['\u0000', '\b\f\n\r\t', '\u001f', '\u007f', '\u0080', '\u2028\u2029', '\ufeff', '\uffff'],
  ...['é', '😀', '\ud83d', '\ude00', '\ude00\ud83d', 'a\ud800b', '日本語', '"'.repeat(80)],
];
const HOSTILE_NAMES = [
  ...HOSTILE_STRINGS.filter((text) => text !== ''),
  ...['__proto__', 'constructor', 'toString', 'data', 'S', 'N', 'M', 'BOOL', '0', '1', '-1'],
  ...['a', 'aa', 'a"', 'a.b', 'a b', 'A', 'a'.repeat(255)],
];

// Any 16-bit code unit, so that surrogates stand alone more often than not.
const codeUnit = fc.integer({ min: 0, max: 0xffff }).map((code) => String.fromCharCode(code));

const text = fc.oneof(
  fc.string(),
  fc.string({ unit: 'binary', maxLength: 20 }),
  fc.string({ unit: codeUnit, maxLength: 6 }),
  fc.constantFrom(...HOSTILE_STRINGS),
);

/** The ways in which a server may spell a string in JSON. */
const SPELLINGS: readonly ((text: string) => string)[] = [
  (value) => JSON.stringify(value),
  (value) => JSON.stringify(value).replaceAll('/', String.raw`\/`),
  (value) => spellInEscapes(value, (hexadecimal) => hexadecimal),
  (value) => spellInEscapes(value, (hexadecimal) => hexadecimal.toUpperCase()),
];

function spellInEscapes(value: string, spell: (hexadecimal: string) => string): string {
  const escapes = Array.from({ length: value.length }, (_, index) => {
    const hexadecimal = value.charCodeAt(index).toString(16).padStart(4, '0');
    return String.raw`\u${spell(hexadecimal)}`;
  });
  return `"${escapes.join('')}"`;
}

const spelling = fc.oneof(
  { arbitrary: fc.constant(SPELLINGS[0] ?? JSON.stringify), weight: 6 },
  { arbitrary: fc.constantFrom(...SPELLINGS), weight: 1 },
);

/** A JSON string token. */
export const stringToken = fc.tuple(text, spelling).map(([value, spell]) => spell(value));

/** Attribute names, each spelled in one way. */
export const wireName: fc.Arbitrary<WireName> = fc
  .tuple(
    fc.oneof(
      fc.string({ minLength: 1, maxLength: 8 }),
      fc.string({ unit: codeUnit, minLength: 1, maxLength: 4 }),
      fc.constantFrom(...HOSTILE_NAMES),
    ),
    spelling,
  )
  .map(([name, spell]) => ({ name, token: spell(name) }));

const integer = fc.bigInt({ min: 1n - 10n ** 38n, max: 10n ** 38n - 1n });
const decimal = fc
  .tuple(integer, fc.integer({ min: 1, max: 37 }))
  .map(([value, places]) => placePoint(value.toString(), places));
const exponential = fc
  .tuple(fc.oneof(integer.map(String), decimal), fc.constantFrom('E', 'e'))
  .chain(([value, letter]) =>
    fc
      .tuple(fc.constantFrom('', '+', '-'), fc.integer({ min: 0, max: 130 }))
      .map(([sign, exponent]) => `${value}${letter}${sign}${exponent}`),
  );
const ODD_NUMBERS = [
  ...['0', '-0', '00', '007', '-007', '+7', '+0', '.5', '-.5', '+.5', '5.', '-5.', '0.0', '00.50'],
  ...['+0.5E3', '.5e-3', '007E+01', '1e5', '1E05', '1E-130', '9.99E+125'],
  ...['9223372036854775807', '9223372036854775808', '-9223372036854775808', '-9223372036854775809'],
  ...[
    '999999999999999999',
    '1000000000000000000',
    '0009223372036854775807',
    '123456789012345678.5',
  ],
];

function placePoint(digits: string, places: number): string {
  const sign = digits.startsWith('-') ? '-' : '';
  const padded = digits.slice(sign.length).padStart(places + 1, '0');
  return `${sign}${padded.slice(0, -places)}.${padded.slice(-places)}`;
}

/** The text of an `N`. */
export const numberText = fc.oneof(
  fc.integer().map(String),
  integer.map(String),
  decimal,
  exponential,
  fc.constantFrom(...ODD_NUMBERS),
);

const numberToken = numberText.map((value) => `"${value}"`);
const binaryToken = fc
  .uint8Array({ maxLength: 12 })
  .map((bytes) => `"${Buffer.from(bytes).toString('base64')}"`);

function join(tokens: readonly string[]): string {
  return tokens.join(',');
}

const scalarValue = fc.oneof(
  stringToken.map((token) => `{"S":${token}}`),
  numberToken.map((token) => `{"N":${token}}`),
  binaryToken.map((token) => `{"B":${token}}`),
  fc.boolean().map((value) => `{"BOOL":${String(value)}}`),
  fc.constant('{"NULL":true}'),
  fc.array(stringToken, { maxLength: 4 }).map((tokens) => `{"SS":[${join(tokens)}]}`),
  fc.array(numberToken, { maxLength: 4 }).map((tokens) => `{"NS":[${join(tokens)}]}`),
  fc.array(binaryToken, { maxLength: 4 }).map((tokens) => `{"BS":[${join(tokens)}]}`),
);

const { value } = fc.letrec<{ value: string }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 5, depthSize: 'small' },
    { arbitrary: scalarValue, weight: 6 },
    {
      arbitrary: fc
        .array(tie('value'), { maxLength: 4 })
        .map((values) => `{"L":[${join(values)}]}`),
      weight: 1,
    },
    {
      arbitrary: fc
        .uniqueArray(fc.tuple(wireName, tie('value')), {
          selector: ([{ name }]) => name,
          maxLength: 4,
        })
        .map((members) => `{"M":${toMap(members)}}`),
      weight: 1,
    },
  ),
}));

/** A value wrapped in up to 32 levels of lists and maps. */
const deepValue = fc
  .tuple(value, fc.array(fc.boolean(), { maxLength: 27 }))
  .map(([inner, levels]) =>
    levels.reduce((json, isMap) => (isMap ? `{"M":{"m":${json}}}` : `{"L":[${json}]}`), inner),
  );

/** A value in DynamoDB JSON: every type, at most 32 levels deep. */
export const attributeValue = fc.oneof(
  { arbitrary: value, weight: 9 },
  { arbitrary: deepValue, weight: 1 },
);

function toMap(members: readonly (readonly [WireName, string])[]): string {
  return `{${join(members.map(([{ token }, json]) => `${token}:${json}`))}}`;
}

/** An item in DynamoDB JSON with any of these attributes, in any order. */
export function itemOf(names: readonly WireName[]): fc.Arbitrary<string> {
  return fc
    .uniqueArray(fc.tuple(fc.constantFrom(...names), attributeValue), {
      selector: ([{ name }]) => name,
      maxLength: names.length,
    })
    .map(toMap);
}

/** Names that a table's items share. */
export const wireNames = fc.uniqueArray(wireName, {
  selector: ({ name }) => name,
  minLength: 1,
  maxLength: 7,
});
