/** The items that the benchmark reads, as DynamoDB JSON text: small and large, flat and deep, plain and awkward. */
export const SHAPES = {
  tiny: { title: '80 B', itemBytes: 82, render: renderTiny },
  mixed: { title: '530 B mixed', itemBytes: 530, render: renderMixed },
  strings: { title: '5 KB of strings', itemBytes: 4_863, render: renderStrings },
  long: { title: 'one 5 KB string', itemBytes: 4_997, render: renderLong },
  deep: { title: 'deep maps', itemBytes: 387, render: renderDeep },
  numbers: { title: '30 numbers', itemBytes: 777, render: renderNumbers },
  unicode: { title: 'unicode', itemBytes: 949, render: renderUnicode },
  escapes: { title: 'escapes', itemBytes: 981, render: renderEscapes },
  wide: { title: '200 attributes', itemBytes: 5_847, render: renderWide },
} as const satisfies Record<string, Shape>;

/** The name of a shape, as options and table names spell it. */
export type ShapeName = keyof typeof SHAPES;

/** One kind of item. */
export interface Shape {
  /** What a table of results calls it. */
  readonly title: string;
  /** About how many bytes an item takes on the wire; used to size a run before the server has rendered it. */
  readonly itemBytes: number;
  /** Renders the item of this index; its keys are always the strings `pk` and `sk`. */
  readonly render: (index: number) => string;
}

/** Every shape, in the order of the tables. */
export const SHAPE_NAMES = Object.keys(SHAPES) as ShapeName[];

/** Tells whether `name` is a shape's. */
export function isShapeName(name: string): name is ShapeName {
  return Object.hasOwn(SHAPES, name);
}

const LOREM = 'lorem ipsum dolor sit amet ';

function renderKeys(index: number): string {
  return `"pk":{"S":"user#${index}"},"sk":{"S":"2024-01-01T00:00:00.${index}Z"}`;
}

/** The smallest sensible item: two short keys and a number. */
function renderTiny(index: number): string {
  return `{"pk":{"S":"user#${index}"},"sk":{"S":"${index}"},"age":{"N":"${index % 90}"},"on":{"BOOL":true}}`;
}

/** Every type once, as a user table mixes them. */
function renderMixed(index: number): string {
  const blob = Buffer.from(`hello ${index}`).toString('base64');
  return (
    `{${renderKeys(index)},"name":{"S":"Jane Doé \\"${index}\\""},"age":{"N":"${index % 90}"}` +
    `,"balance":{"N":"${index}.0123456789012345678"},"active":{"BOOL":${index % 2 === 0}}` +
    `,"tags":{"SS":["a","b","c"]},"scores":{"NS":["1","2.5","3"]}` +
    `,"address":{"M":{"street":{"S":"12 Main St"},"zip":{"S":"94107"},"geo":{"L":[{"N":"37.77"},{"N":"-122.41"}]}}}` +
    `,"note":{"NULL":true},"blob":{"B":"${blob}"},"bio":{"S":"${LOREM.repeat(4)}"}}`
  );
}

/** Twenty strings of about 230 bytes. */
function renderStrings(index: number): string {
  const text = LOREM.repeat(9);
  const fields = Array.from({ length: 20 }, (_, field) => {
    const value = text.slice(0, 216 + ((index + field) % 9));
    return `,"field_${String(field).padStart(2, '0')}":{"S":"${value}"}`;
  });
  return `{${renderKeys(index)}${fields.join('')}}`;
}

function renderLong(index: number): string {
  return `{${renderKeys(index)},"text":{"S":"${LOREM.repeat(182)}${index}"}}`;
}

/** Twelve levels, maps and lists in turn. */
function renderDeep(index: number): string {
  let tree = `{"N":"${index}"}`;
  for (let level = 0; level < 12; level += 1) {
    tree =
      level % 2 === 0
        ? `{"M":{"k${level}":${tree},"v":{"S":"x${index % 10}"}}}`
        : `{"L":[${tree},{"BOOL":true}]}`;
  }
  return `{${renderKeys(index)},"tree":${tree}}`;
}

function renderNumbers(index: number): string {
  const fields = Array.from(
    { length: 30 },
    (_, field) =>
      `,"n${String(field).padStart(2, '0')}":{"N":"${index * 31 + field}.${index % 97}"}`,
  );
  return `{${renderKeys(index)}${fields.join('')}}`;
}

/** Raw UTF-8 of two, three and four bytes, as DynamoDB sends it. */
function renderUnicode(index: number): string {
  const text = 'Zażółć gęślą jaźń 日本語テキスト 😀 '.repeat(16);
  return `{${renderKeys(index)},"text":{"S":"${text}${index}"}}`;
}

/** Strings in which every few bytes are an escape. */
function renderEscapes(index: number): string {
  const text = JSON.stringify('line "q" \\ back\n\ttab\u0001 '.repeat(28) + String(index));
  return `{${renderKeys(index)},"text":{"S":${text}}}`;
}

/** Two hundred short attributes of four types. */
function renderWide(index: number): string {
  const values = ['{"S":"value"}', `{"N":"${index % 1000}"}`, '{"BOOL":true}', '{"NULL":true}'];
  const fields = Array.from(
    { length: 200 },
    (_, field) => `,"attribute_${field}":${values[field % values.length] ?? ''}`,
  );
  return `{${renderKeys(index)}${fields.join('')}}`;
}
