/** Numbers as DynamoDB stores them: up to 38 digits, from 1E-130 to 9.99E+125. */
export const STORED_NUMBERS: readonly string[] = [
  ...['0', '1', '-1', '10', '0.5', '-0.5', '123.456', '9007199254740993', '-9007199254740993'],
  ...['9223372036854775807', '-9223372036854775808', '9223372036854775808'],
  '12345678901234567890123456789012345678',
  '-99999999999999999999999999999999999999',
  '1.2345678901234567890123456789012345678',
  `0.${'0'.repeat(129)}1`,
  `9.9999999999999999999999999999999999999E+125`,
  ...['1E-130', '-1E-130', '1E+125', '1E35', `1${'0'.repeat(125)}`, '3.14159265358979323846'],
];

/** Numbers in forms that JSON does not know, or that are seldom seen. Only the wire can hold them. */
export const ODD_NUMBERS: readonly string[] = [
  ...['+7', '007', '-007', '.5', '-.5', '+.5', '5.', '00.10', '-0', '+0.0', '0000'],
  ...['1e5', '1E+5', '1e-5', '+1.5e+05', '0E0', '.5E3', '1.', '1.E2', '000123.4500'],
];

/** Names of attributes that something might trip over. */
export const ODD_NAMES: readonly string[] = [
  ...['__proto__', 'constructor', 'toString', 'hasOwnProperty', 'prototype', 'length'],
  ...['data', 'stream', 'Items', '"Items":[', 'LastEvaluatedKey', 'M', 'S', 'N', 'type'],
  ...['say "hi"', "it's", 'back\\slash', 'sl/ash', 'tab\there', 'new\nline', 'return\r'],
  ...['nul\u0000', 'bell\u0007', 'escape\u001b', 'delete\u007f', 'line\u2028separator', '\ufeff'],
  ...['dotted.name', 'dash-ed', '#hash', ':colon', '$dollar', 'a b', ' ', '[0]', '{}', '},{', ']'],
  ...['select', 'table', 'where', '1', '42', '-1', '0.5', 'null', 'true', 'emitted_at'],
  ...['😀', 'naïve', '日本語', 'кириллица', 'e\u0301', '\u{10ffff}', 'ﷺ'],
  'long-'.repeat(2000),
];

/** Texts that something might trip over, as JSON strings with their quotes: escapes stand as on the wire. */
export const ODD_TEXTS: readonly string[] = [
  ...['""', '" "', '"\\u0000"', '"\\u001f"', '"\\"\\\\\\/\\b\\f\\n\\r\\t"', '"\\u0041\\u00e9"'],
  ...['"\\ud83d\\ude00"', '"😀"', '"\\ud800"', '"\\udfff\\ud800"', '"\u2028\u2029"', '"\u007f"'],
  ...[
    '"],\\"Items\\":["',
    '"{\\"S\\":\\"x\\"}"',
    '"]}"',
    '"[{"',
    '"\\\\"',
    '"\\\\\\\\"',
    '"\\\\\\""',
  ],
  JSON.stringify('x'.repeat(100_000)),
  JSON.stringify('\\"\n'.repeat(10_000)),
];

const SCALARS: readonly string[] = [
  ...['{"S":"text"}', '{"S":""}', '{"N":"-12.5E-3"}', '{"B":"AAECAw=="}', '{"B":""}'],
  ...['{"BOOL":true}', '{"BOOL":false}', '{"NULL":true}', '{"SS":["b","a",""]}'],
  ...['{"NS":["1","-2.5","12345678901234567890123456789012345678"]}', '{"BS":["AA==","/+8="]}'],
  ...['{"L":[]}', '{"M":{}}', '{"SS":["one"]}'],
];

/** Every attribute type, alone and at every depth that DynamoDB allows (32), in maps and lists by turns. */
export function everyTypeAtEveryDepth(): string {
  let nested = `{"M":${members(SCALARS)}}`;
  for (let depth = 31; depth >= 1; depth--) {
    nested =
      depth % 2 === 0
        ? `{"M":{"d${depth}":${nested},"beside":${SCALARS[depth % SCALARS.length] ?? ''}}}`
        : `{"L":[${nested},${SCALARS.join(',')}]}`;
  }
  return members([...SCALARS, nested]);
}

function members(values: readonly string[]): string {
  return `{${values.map((value, index) => `"a${index}":${value}`).join(',')}}`;
}

/** Items of one table with the key `pk`, each odd in its own way, as they stand on the wire. */
export function oddItems(): readonly string[] {
  const numbers = [...STORED_NUMBERS, ...ODD_NUMBERS].map((text) => `{"N":"${text}"}`);
  const texts = ODD_TEXTS.map((text) => `{"S":${text}}`);
  const names = ODD_NAMES.map((name, index) => `${JSON.stringify(name)}:{"N":"${index}"}`);
  const nestedNames = `{"names":{"M":{${names.join(',')}}}}`;
  const items = [
    everyTypeAtEveryDepth(),
    members(numbers),
    `{"list":{"L":[${numbers.join(',')}]},"set":{"NS":[${STORED_NUMBERS.map((n) => `"${n}"`).join(',')}]}}`,
    members(texts),
    `{"list":{"L":[${texts.join(',')}]},"set":{"SS":[${ODD_TEXTS.join(',')}]}}`,
    `{${names.join(',')}}`,
    nestedNames,
    '{}',
    `{"large":{"S":"${'é'.repeat(200_000)}"}}`,
    `{"large":{"B":"${Buffer.alloc(300_000, 7).toString('base64')}"}}`,
    `{"large":{"L":[${Array.from({ length: 50_000 }, (_, n) => `{"N":"${n}"}`).join(',')}]}}`,
  ];
  return items.map((item, index) => withKey(item, `item ${index} "é\\n`));
}

function withKey(item: string, key: string): string {
  const pk = `"pk":{"S":${JSON.stringify(key)}}`;
  return item === '{}' ? `{${pk}}` : `{${pk},${item.slice(1)}`;
}
