/** Renders rows below their headings as a Markdown table whose columns line up; numbers stand to the right. */
export function renderTable(
  headings: readonly string[],
  rows: readonly (readonly string[])[],
): string {
  const widths = headings.map((heading, column) =>
    Math.max(heading.length, ...rows.map((row) => row[column]?.length ?? 0)),
  );
  const isNumeric = headings.map((_, column) =>
    rows.every((row) => /^[\d.,%×–k-]*$/.test(row[column] ?? '')),
  );
  const renderRow = (row: readonly string[]): string => {
    const cells = widths.map((width, column) => {
      const cell = row[column] ?? '';
      return isNumeric[column] === true ? cell.padStart(width) : cell.padEnd(width);
    });
    return `| ${cells.join(' | ')} |`;
  };
  const rule = widths.map((width, column) =>
    isNumeric[column] === true ? `${'-'.repeat(width - 1)}:` : '-'.repeat(width),
  );
  return [renderRow(headings), `| ${rule.join(' | ')} |`, ...rows.map(renderRow), ''].join('\n');
}
