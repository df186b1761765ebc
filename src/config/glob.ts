/** Whether a text is a glob rather than a plain name. */
export function isGlob(text: string): boolean {
  return /[*?]/.test(text);
}

/**
 * A matcher for a glob: `*` stands for any run of characters, `?` for one. It matches the whole name, and case matters.
 */
export function compileGlob(glob: string): (name: string) => boolean {
  const pattern = glob
    .replace(/[.+^${}()|[\]\\]/g, String.raw`\$&`)
    .replaceAll('*', '.*')
    .replaceAll('?', '.');
  const expression = new RegExp(`^${pattern}$`, 's');
  return (name) => expression.test(name);
}
