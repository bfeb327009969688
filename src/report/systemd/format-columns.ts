/** Rows in columns as wide as their widest cell, the last one ragged. */

/** Whole lines. Cells are taken as they are. */
export function formatColumns(rows: readonly (readonly string[])[]): string {
  const widths: number[] = [];
  for (const row of rows) {
    for (const [column, cell] of row.entries()) widths[column] = Math.max(widths[column] ?? 0, cell.length);
  }
  return rows
    .map((row) =>
      row.map((cell, column) => (column < row.length - 1 ? cell.padEnd(widths[column] ?? 0) : cell)).join(' '),
    )
    .map((line) => `${line}\n`)
    .join('');
}
