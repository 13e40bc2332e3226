import { scaleBand, scaleLinear } from 'd3-scale';
import type { ColumnChart } from '../document.ts';
import { number } from '../words.ts';
import { chartHeight, chartWidth, isLabelled, margin, place, rule, svg, text } from './frame.ts';

const labels = 5;

/** The highest column is labelled with its value; the others are read off the grid. */
export function drawColumns(chart: ColumnChart, key: string): string {
  const { points } = chart;
  const most = Math.max(...points.map(({ value }) => value), 1);
  const y = scaleLinear([0, most], [chartHeight - margin.bottom, margin.top + 10]).nice(3);
  const x = scaleBand(
    points.map((_, index) => index),
    [margin.left, chartWidth - margin.right],
  ).padding(0.2);
  const grid = y
    .ticks(3)
    .filter(Number.isInteger)
    .map((tick) => rule(y(tick), short(tick)));
  const columns = points.map(({ value }, index) => {
    const top = y(Math.max(value, 0));
    return `<rect x="${place(x(index) ?? 0)}" y="${place(top)}" width="${place(x.bandwidth())}" height="${place(y(0) - top)}" class="first"/>`;
  });
  const highest = points.findIndex(({ value }) => value === most);
  const center = (index: number) => (x(index) ?? 0) + x.bandwidth() / 2;
  const peak =
    highest < 0 ? [] : [text(clear(center(highest)), y(most) - 4, number(most), { anchor: 'middle', style: 'strong' })];
  const names = points.flatMap(({ label }, index) =>
    isLabelled(index, points.length, labels)
      ? [text(center(index), chartHeight - 8, label.replace(/ \w+$/, ''), { anchor: 'middle', style: 'axis' })]
      : [],
  );
  return svg(chart, key, chartHeight, [...grid, ...columns, ...peak, ...names]);
}

/** A label in the middle of a column at the edge would leave the picture. */
function clear(x: number): number {
  return Math.min(Math.max(x, margin.left + 20), chartWidth - margin.right - 20);
}

export function short(value: number): string {
  return new Intl.NumberFormat('en', { notation: 'compact', maximumFractionDigits: 1 }).format(value);
}
