/** Rows as columns under their titles, for people; what is missing is a dash. */
export function table(rows: readonly Readonly<Record<string, string | null>>[]): string {
  if (rows.length === 0) return 'none\n';
  const titles = Object.keys(rows[0] ?? {});
  const lines = [titles, ...rows.map((row) => titles.map((title) => row[title] ?? '-'))];
  const widths = titles.map((_, column) => Math.max(...lines.map((line) => line[column]?.length ?? 0)));
  return lines
    .map(
      (line) =>
        `${line
          .map((cell, column) => cell.padEnd(widths[column] ?? 0))
          .join('  ')
          .trimEnd()}\n`,
    )
    .join('');
}

/** To the minute, in UTC. */
export function minute(time: Date | null): string | null {
  return time === null ? null : time.toISOString().slice(0, 16).replace('T', ' ');
}
