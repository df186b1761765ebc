const GAP = '  ';

/**
 * Lines of a table for people: the first and the last column begin below each other, the figures between them end so.
 *
 * @param rows of equal length, the headings among them.
 * @param widestName characters that the first column takes at most; longer names push their line out.
 */
export function alignColumns(
  rows: readonly (readonly string[])[],
  widestName = Infinity,
): readonly string[] {
  const last = (rows[0]?.length ?? 0) - 1;
  const widths = Array.from({ length: last + 1 }, (_, column) =>
    Math.max(...rows.map((row) => row[column]?.length ?? 0)),
  );
  return rows.map((row) => {
    const cells = row.map((cell, column) => {
      if (column === 0) return cell.padEnd(Math.min(widths[0] ?? 0, widestName));
      return column === last ? cell : cell.padStart(widths[column] ?? 0);
    });
    return cells.join(GAP).trimEnd();
  });
}
