import { scaleLinear } from 'd3-scale';
import type { BarChart } from '../document.ts';
import { number } from '../words.ts';
import { chartWidth, place, svg, text } from './frame.ts';

const rowHeight = 34;
const barHeight = 10;
const top = 22;
const right = 12;

/** What is, upon what could be; both said in words above each bar, so nobody has to measure. */
export function drawBars(chart: BarChart, key: string): string {
  const { bars, names } = chart;
  const most = Math.max(...bars.flatMap(({ value, room }) => [value, room]), 1);
  const x = scaleLinear([0, most], [0, chartWidth - right]);
  const legend =
    `<rect x="0" y="3" width="10" height="10" class="first"/>${text(15, 12, names.value, { style: 'axis' })}` +
    `<rect x="100.5" y="3.5" width="9" height="9" class="room"/>${text(115, 12, names.room, { style: 'axis' })}`;
  const rows = bars.map(({ name, value, room }, index) => {
    const y = top + index * rowHeight;
    return [
      text(0, y + 14, name),
      text(chartWidth - right, y + 14, `${number(value)} of ${number(room)}`, { anchor: 'end', style: 'axis' }),
      `<rect x="0.5" y="${y + 19.5}" width="${place(Math.max(x(room) - 1, 1))}" height="${barHeight - 1}" class="room"/>`,
      `<rect x="0" y="${y + 19}" width="${place(x(value))}" height="${barHeight}" class="first"/>`,
    ].join('');
  });
  return svg(chart, key, top + bars.length * rowHeight, [legend, ...rows]);
}
