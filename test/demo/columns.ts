const GAP = '  ';

export interface Column {
  readonly heading: string;
  readonly align?: 'left' | 'right';
}

/** Lines up rows under their headings; the first line is the headings. Cells are plain text, without colours. */
export function renderColumns(
  columns: readonly Column[],
  rows: readonly (readonly string[])[],
): readonly string[] {
  const all = [columns.map(({ heading }) => heading), ...rows];
  const widths = columns.map((_, index) => Math.max(...all.map((row) => row[index]?.length ?? 0)));
  return all.map((row) =>
    widths
      .map((width, index) => {
        const cell = row[index] ?? '';
        return columns[index]?.align === 'right' ? cell.padStart(width) : cell.padEnd(width);
      })
      .join(GAP)
      .trimEnd(),
  );
}
