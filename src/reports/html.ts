// A report as one HTML file that needs nothing else: no script, no font, no picture from anywhere, and says so to the browser.
import { drawChart } from './charts/draw.ts';
import type { Chart, Column, Document, Section, Table } from './document.ts';
import type { Finding } from './findings.ts';
import { escapeMarkup } from './markup.ts';
import { style } from './style.ts';

export function htmlReport({ title, subtitle, findings, sections }: Document): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; img-src data:">
<link rel="icon" href="data:,">
<title>${escapeMarkup(title)}</title>
<style>${style}</style>
</head>
<body>
<main>
<h1>${escapeMarkup(title)}</h1>
<p class="subtitle">${escapeMarkup(subtitle)}</p>
<ul class="findings">
${findings.map(findingItem).join('\n')}
</ul>
${sections.map(sectionMarkup).join('\n')}
</main>
</body>
</html>
`;
}

function findingItem({ tone, text }: Finding): string {
  const mark = tone === 'bad' ? '<b>Look at this:</b> ' : '';
  return `<li class="${tone}">${mark}${escapeMarkup(text)}</li>`;
}

function sectionMarkup({ heading, charts, table, isDetail = false }: Section, index: number): string {
  const figures = charts.map((chart, place) => figure(chart, `chart-${index}-${place}`));
  const drawn = figures.length === 0 ? '' : `<div class="charts">\n${figures.join('\n')}\n</div>\n`;
  const told = table === null ? '' : tableMarkup(table);
  const numbers = isDetail && drawn !== '' ? `<details><summary>The numbers</summary>\n${told}</details>\n` : told;
  return `<section>\n<h2>${escapeMarkup(heading)}</h2>\n${drawn}${numbers}</section>`;
}

function figure(chart: Chart, key: string): string {
  return `<figure>\n<figcaption>${escapeMarkup(chart.title)}</figcaption>\n${drawChart(chart, key)}\n</figure>`;
}

/** On a phone each row becomes a block, so each cell bears its title; the roles stay, which a browser drops with the layout of a table. */
function tableMarkup({ columns, rows, note }: Table): string {
  const head = columns.map(
    ({ title, align }) => `<th scope="col" role="columnheader" class="${align}">${escapeMarkup(title)}</th>`,
  );
  const body = rows.map(
    (row) => `<tr role="row">${row.map((cell, index) => cellMarkup(cell, columns[index], index)).join('')}</tr>`,
  );
  const after = note === undefined ? '' : `<p class="note">${escapeMarkup(note)}</p>\n`;
  return `<div class="table"><table role="table">
<thead role="rowgroup"><tr role="row">${head.join('')}</tr></thead>
<tbody role="rowgroup">
${body.join('\n')}
</tbody>
</table></div>
${after}`;
}

function cellMarkup(cell: string, column: Column | undefined, index: number): string {
  const { title = '', align = 'left' } = column ?? {};
  const says = escapeMarkup(cell);
  if (index === 0) return `<th scope="row" role="rowheader">${says}</th>`;
  return `<td role="cell" class="${align}" data-title="${escapeMarkup(title)}">${says}</td>`;
}
