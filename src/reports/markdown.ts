// A report as Markdown, for a wiki, a ticket or a mail.
import type { Document, Section, Table } from './document.ts';
import { printable } from './words.ts';

const marks = { bad: '⚠️ ', good: '', plain: '' } as const;

export function markdownReport({ title, subtitle, findings, sections }: Document): string {
  const list = findings.map(({ tone, text }) => `- ${marks[tone]}${escaped(text)}`);
  return `${[`# ${escaped(title)}`, '', escaped(subtitle), '', ...list, ...sections.flatMap(section)].join('\n')}\n`;
}

function section({ heading, table }: Section): string[] {
  if (table === null) return [];
  const note = table.note === undefined ? [] : ['', escaped(table.note)];
  return ['', `## ${heading}`, '', ...lines(table), ...note];
}

function lines({ columns, rows }: Table): string[] {
  const row = (cells: readonly string[]) => `| ${cells.map(escaped).join(' | ')} |`;
  const rule = `| ${columns.map(({ align }) => (align === 'right' ? '--:' : ':--')).join(' | ')} |`;
  return [row(columns.map(({ title }) => title)), rule, ...rows.map(row)];
}

/** Names are people's: none of them is markup, or ends a cell. */
function escaped(text: string): string {
  return printable(text)
    .replace(/[\\`*_[\]<>|~#&]/g, (letter) => `\\${letter}`)
    .replace(/\s+/g, ' ');
}
