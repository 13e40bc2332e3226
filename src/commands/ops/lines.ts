// Text for a terminal: colour where there is one, lines no longer than it is wide.
import { styleText } from 'node:util';

type Style = Parameters<typeof styleText>[0];

/** Coloured on a terminal that wants colour, plain in files and pipes. */
export function paint(style: Style, text: string): string {
  return styleText(style, text, { stream: process.stdout });
}

/** Columns to write in: those of the terminal, 80 where there is none. */
export function width(): number {
  return Math.max(process.stdout.columns ?? 80, 60);
}

const wide =
  /\p{Script=Han}|\p{Script=Hiragana}|\p{Script=Katakana}|\p{Script=Hangul}|\p{Emoji_Presentation}|[\u3000-\u303f\uff01-\uff60]/gu;

/** Columns that a text takes: Chinese, Japanese and Korean letters, and pictures, take two. */
export function displayWidth(text: string): number {
  return [...text].length + (text.match(wide)?.length ?? 0);
}

/** A text that takes so many columns at most, with a sign where it was cut. */
export function clippedTo(text: string, columns: number): string {
  if (displayWidth(text) <= columns) return text;
  let kept = '';
  for (const letter of text) {
    if (displayWidth(kept + letter) >= columns) break;
    kept += letter;
  }
  return `${kept}…`;
}

/** A text in lines of at most `columns`, broken between words. */
export function wrapped(text: string, columns: number): string[] {
  const lines: string[] = [];
  for (const word of text.split(/\s+/)) {
    const last = lines.at(-1);
    if (last === undefined || displayWidth(last) + 1 + displayWidth(word) > columns) lines.push(word);
    else lines[lines.length - 1] = `${last} ${word}`;
  }
  return lines;
}

/** A text in a column of its own, right of an indent. */
export function indented(text: string, indent: number): string {
  return wrapped(text, width() - indent).join(`\n${' '.repeat(indent)}`);
}

/** Cells beside each other; the last column ends where its text does. */
export function columns(rows: readonly (readonly string[])[]): string[] {
  const widths = rows[0]?.map((_, column) => Math.max(...rows.map((row) => displayWidth(row[column] ?? '')))) ?? [];
  return rows.map((row) =>
    row
      .map((cell, column) => cell + ' '.repeat((widths[column] ?? 0) - displayWidth(cell)))
      .join('  ')
      .trimEnd(),
  );
}
