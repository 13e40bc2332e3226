// The one form of every benchmark and chaos run: a table for people, and with --json one object on the last line of standard output.
import { arch, cpus, totalmem } from 'node:os';

export interface Figure {
  /** What was measured. */
  readonly value: number;
  readonly unit: string;
  /** What the same machine could do at best in the same run, in the same unit. */
  readonly limit?: number;
  /** value ÷ limit. */
  readonly ratio?: number;
  /** In words, such as "ratio ≥ 0.5". */
  readonly goal: string;
  readonly met: boolean;
}

export interface Report {
  readonly machine: Readonly<Record<string, string | number>>;
  readonly figures: Readonly<Record<string, Figure>>;
}

/** What the figures were measured on; `database` as PostgreSQL tells it. */
export function machine(database: Record<string, string>): Record<string, string | number> {
  return {
    cpu: cpus()[0]?.model ?? arch(),
    cores: cpus().length,
    memoryGiB: Math.round(totalmem() / 2 ** 30),
    node: process.version,
    ...database,
  };
}

/** Standard output gets the report and nothing else. */
export function print(report: Report, json: boolean): void {
  if (json) {
    process.stdout.write(`${JSON.stringify(report)}\n`);
    return;
  }
  process.stdout.write(`${Object.values(report.machine).join(' · ')}\n\n`);
  const rows = Object.entries(report.figures).map(([name, figure]) => cells(name, figure));
  const head = ['figure', 'value', 'limit', 'ratio', 'goal', ''];
  const widths = head.map((title, column) => Math.max(title.length, ...rows.map((row) => row[column]?.length ?? 0)));
  for (const row of [head, ...rows])
    process.stdout.write(
      `${row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd()}\n`,
    );
}

function cells(name: string, { value, unit, limit, ratio, goal, met }: Figure): string[] {
  return [
    name,
    `${round(value)} ${unit}`,
    limit === undefined ? '' : `${round(limit)} ${unit}`,
    ratio === undefined ? '' : ratio.toFixed(2),
    goal,
    met ? 'met' : 'NOT MET',
  ];
}

function round(value: number): string {
  return value.toLocaleString('en', { maximumFractionDigits: value < 10 ? 3 : 0 });
}

/** Progress, for people, where the answer does not go. */
export function say(line: string): void {
  process.stderr.write(`${line}\n`);
}
