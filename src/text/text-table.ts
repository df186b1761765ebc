const GAP = '  ';

/**
 * Lines of a table for people: the first and the last column are aligned left, and the figures between them right.
 *
 * @param rows of equal length, including the headings.
 * @param widestName the largest width of the first column, in characters; longer names shift the rest of their line.
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
