// Cells of a view whose columns stand still, whatever is in them.
import { printable } from '../../reports/words.ts';
import { clippedTo, displayWidth } from '../ops/lines.ts';

/** A text in exactly so many columns, cut with a sign where it is longer. */
export function fit(text: string, columns: number, align: 'left' | 'right' = 'left'): string {
  const cut = clippedTo(printable(text), columns);
  const space = ' '.repeat(columns - displayWidth(cut));
  return align === 'right' ? space + cut : cut + space;
}

/** In at most six letters: 9,999, 12.3k, 4.5M. */
export function short(value: number): string {
  if (value < 10_000) return new Intl.NumberFormat('en').format(Math.round(value));
  if (value < 1_000_000) return `${floored(value / 1_000)}k`;
  return `${floored(value / 1_000_000)}M`;
}

// Cut, not rounded: what is not done is never shown as done.
function floored(value: number): string {
  return value < 100 ? (Math.floor(value * 10) / 10).toFixed(1) : String(Math.floor(value));
}

const secondMs = 1_000;
const minuteMs = 60 * secondMs;
const hourMs = 60 * minuteMs;
const dayMs = 24 * hourMs;

/** In at most seven letters: 4 s, 12 min, 3 h 20, 4 d. */
export function shortSpan(ms: number): string {
  if (ms < 100 * secondMs) return `${Math.round(ms / secondMs)} s`;
  if (ms < 100 * minuteMs) return `${Math.floor(ms / minuteMs)} min`;
  if (ms < 2 * dayMs)
    return `${Math.floor(ms / hourMs)} h ${String(Math.floor((ms % hourMs) / minuteMs)).padStart(2, '0')}`;
  return `${Math.floor(ms / dayMs)} d`;
}
