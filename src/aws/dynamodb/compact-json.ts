const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const SPACE = 0x20;

/** The same JSON without the blanks, tabs and line ends between its tokens. Strings stay as they are. */
export function compactJson(json: Uint8Array): Uint8Array {
  const compact = Buffer.allocUnsafe(json.length);
  let length = 0;
  let inString = false;
  for (let i = 0; i < json.length; i++) {
    const byte = json[i] ?? 0;
    if (!inString && byte <= SPACE) continue;
    compact[length++] = byte;
    if (byte === QUOTE) inString = !inString;
    else if (inString && byte === BACKSLASH && i + 1 < json.length)
      compact[length++] = json[++i] ?? 0;
  }
  return compact.subarray(0, length);
}
