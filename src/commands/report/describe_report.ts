// A report at the terminal: within its width, with bars of letters where there are charts.
import type { ColumnChart, Document, Section, Table } from '../../reports/document.ts';
import type { Finding } from '../../reports/findings.ts';
import { printable } from '../../reports/words.ts';
import { clippedTo, displayWidth, indented, paint, width, wrapped } from '../ops/lines.ts';

const tones = { bad: 'red', good: 'green', plain: 'cyan' } as const;
const marks = { bad: '!', good: '+', plain: '·' } as const;
const gap = 2;
const longestBar = 14;
const longestName = 20;

export function describeReport({ title, subtitle, findings, sections }: Document): string {
  const head = [paint('bold', title), ...wrapped(subtitle, width()).map((line) => paint('dim', line))];
  return `${[...head, '', ...findings.map(describeFinding), ...sections.flatMap(describeSection)].join('\n')}\n`;
}

function describeFinding({ tone, text }: Finding): string {
  return `${paint(tones[tone], marks[tone])} ${indented(printable(text), 2)}`;
}

function describeSection({ heading, charts, table }: Section): string[] {
  if (table === null) return [];
  const chart = charts.find((each) => each.kind === 'columns');
  const shown = chart === undefined ? table : withBars(table, chart);
  const note =
    table.note === undefined ? [] : wrapped(printable(table.note), width()).map((line) => paint('dim', line));
  return ['', paint('bold', heading), ...describeTable(shown), ...note];
}

/** A bar behind each row that the chart has a point for. */
function withBars(table: Table, { points }: ColumnChart): Table {
  const most = Math.max(...points.map(({ value }) => value));
  const values = new Map(points.map(({ label, value }) => [label, value]));
  const rows = table.rows.map((row) => [...row, bar(values.get(row[0] ?? '') ?? 0, most)]);
  return { ...table, columns: [...table.columns, { title: '', align: 'left' }], rows };
}

const eighths = ['', '▏', '▎', '▍', '▌', '▋', '▊', '▉'];

/** To an eighth of a letter. Whatever is not nothing is seen. */
export function bar(value: number, most: number, longest = longestBar): string {
  if (value <= 0 || most <= 0) return '';
  const length = Math.max(Math.round((value / most) * longest * 8), 1);
  return '█'.repeat(Math.floor(length / 8)) + (eighths[length % 8] ?? '');
}

/** The last column has what room is left, and goes on beneath itself. */
function describeTable({ columns, rows: given }: Table): string[] {
  const rows = given.map(([name = '', ...cells]) => [clippedTo(printable(name), longestName), ...cells.map(printable)]);
  const last = columns.length - 1;
  const widths = columns.map(({ title }, index) =>
    Math.max(displayWidth(title), ...rows.map((row) => displayWidth(row[index] ?? ''))),
  );
  const before = widths.slice(0, last).reduce((sum, each) => sum + each + gap, 0);
  const room = width() - before;
  const cell = (text: string, index: number) => {
    const space = ' '.repeat(Math.max((widths[index] ?? 0) - displayWidth(text), 0));
    return columns[index]?.align === 'right' ? space + text : text + space;
  };
  const line = (row: readonly string[]) => {
    const cells = row.map((text, index) =>
      index === last && columns[last]?.align === 'left'
        ? wrapped(text, room).join(`\n${' '.repeat(before)}`)
        : cell(text, index),
    );
    return cells.join(' '.repeat(gap)).trimEnd();
  };
  return [paint('dim', line(columns.map(({ title }) => title))), ...rows.map(line)];
}
