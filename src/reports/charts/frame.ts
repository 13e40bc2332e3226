// What every chart shares. A chart is drawn for a phone's width and grows with its column; colours are the page's (style.ts), so that they follow light and dark.
import type { Chart } from '../document.ts';
import { escapeMarkup } from '../markup.ts';

export const chartWidth = 360;
export const chartHeight = 190;
export const margin = { top: 14, right: 12, bottom: 24, left: 44 };

/** @param key unique on the page */
export function svg({ title, says }: Chart, key: string, height: number, body: readonly string[]): string {
  return `<svg viewBox="0 0 ${chartWidth} ${height}" role="img" aria-labelledby="${key}-title ${key}-desc">
<title id="${key}-title">${escapeMarkup(title)}</title><desc id="${key}-desc">${escapeMarkup(says)}</desc>
${body.join('\n')}
</svg>`;
}

interface TextOptions {
  readonly anchor?: 'start' | 'middle' | 'end';
  readonly style?: string;
}

export function text(x: number, y: number, says: string, { anchor = 'start', style }: TextOptions = {}): string {
  const named = style === undefined ? '' : ` class="${style}"`;
  return `<text x="${place(x)}" y="${place(y)}" text-anchor="${anchor}"${named}>${escapeMarkup(says)}</text>`;
}

/** A line across the chart with its value at the left. */
export function rule(y: number, label: string, style = 'grid'): string {
  const line = `<line x1="${margin.left}" x2="${chartWidth - margin.right}" y1="${place(y)}" y2="${place(y)}" class="${style}"/>`;
  return line + text(margin.left - 6, y + 4, label, { anchor: 'end', style: 'axis' });
}

/** A tenth of a pixel is enough. */
export function place(value: number): number {
  return Math.round(value * 10) / 10;
}

/** Which of so many labels are written, so that none meets the next: the last one always. */
export function isLabelled(index: number, count: number, atMost: number): boolean {
  const step = Math.ceil(count / atMost);
  return (count - 1 - index) % step === 0;
}
