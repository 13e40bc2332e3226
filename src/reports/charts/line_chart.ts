import { scaleLinear } from 'd3-scale';
import { line } from 'd3-shape';
import type { LineChart } from '../document.ts';
import { percent } from '../words.ts';
import { chartHeight, chartWidth, isLabelled, margin, place, rule, svg, text } from './frame.ts';

const labels = 5;
/** Room for the lines' names at their ends. */
const right = 108;
const lineHeight = 14;
/** The axis shows a few per cent at least: what is well shall look so. */
const leastShown = 0.02;
const styles = ['first', 'second'];

/** Lines begin at nought, each named at its end, told apart by dashes, too. */
export function drawLines(chart: LineChart, key: string): string {
  const { labels: names, lines } = chart;
  const values = lines.flatMap((each) => each.values).filter((value) => value !== null);
  const y = scaleLinear([0, Math.max(...values, leastShown)], [chartHeight - margin.bottom, margin.top]).nice(3);
  const x = scaleLinear([0, Math.max(names.length - 1, 1)], [margin.left + 4, chartWidth - right]);
  const grid = y.ticks(3).map((tick) => rule(y(tick), `${Math.round(tick * 1_000) / 10} %`));
  const drawn = lines.map(({ values: ofLine }, index) => path(ofLine, x, y, styles[index] ?? 'first'));
  const below = names.flatMap((label, index) =>
    isLabelled(index, names.length, labels)
      ? [text(x(index), chartHeight - 8, label.replace(/ \w+$/, ''), { anchor: 'middle', style: 'axis' })]
      : [],
  );
  return svg(chart, key, chartHeight, [...grid, ...drawn, ...endLabels(chart, y), ...below]);
}

type Scale = (value: number) => number;

function path(values: readonly (number | null)[], x: Scale, y: Scale, style: string): string {
  const draw = line<number | null>()
    .defined((value) => value !== null)
    .x((_, index) => place(x(index)))
    .y((value) => place(y(value ?? 0)));
  const last = values.findLastIndex((value) => value !== null);
  const dot =
    last < 0 ? '' : `<circle cx="${place(x(last))}" cy="${place(y(values[last] ?? 0))}" r="3" class="${style}"/>`;
  return `<path d="${draw(values) ?? ''}" class="line ${style}"/>${dot}`;
}

/** Beside the ends of their lines, moved apart where these meet. */
function endLabels({ lines }: LineChart, y: Scale): string[] {
  const ends = lines
    .map(({ name, values }, index) => ({ name, index, value: values.findLast((value) => value !== null) ?? null }))
    .filter(({ value }) => value !== null)
    .toSorted((a, b) => (b.value ?? 0) - (a.value ?? 0));
  let free = margin.top;
  const placed = ends.map((end) => {
    const at = Math.max(y(end.value ?? 0) + 4, free);
    free = at + lineHeight;
    return { ...end, at };
  });
  const over = Math.max((placed.at(-1)?.at ?? 0) - (chartHeight - margin.bottom), 0);
  return placed.map(({ name, index, value, at }) =>
    text(chartWidth - right + 8, at - over, `${name} ${percent(value)}`, {
      style: `label ${styles[index] ?? 'first'}`,
    }),
  );
}
