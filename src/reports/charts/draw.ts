import type { Chart } from '../document.ts';
import { drawBars } from './bar_chart.ts';
import { drawColumns } from './column_chart.ts';
import { drawLines } from './line_chart.ts';

/** A chart as SVG. @param key unique on the page, for what describes it */
export function drawChart(chart: Chart, key: string): string {
  switch (chart.kind) {
    case 'columns':
      return drawColumns(chart, key);
    case 'lines':
      return drawLines(chart, key);
    case 'bars':
      return drawBars(chart, key);
  }
}
