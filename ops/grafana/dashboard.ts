// The dashboard, from which `npm run check -- --write` makes postilion.json: Grafana imports that file and asks which Prometheus it shall read.
import { type Panel, type Row, rows } from './panels.ts';

const width = 24;
const height = 8;

/** As Grafana 10 and later import it. */
export function dashboard(): string {
  return `${JSON.stringify({ ...frame, panels: laidOut(rows) }, null, 2)}\n`;
}

/** All PromQL in it. */
export function expressions(): string[] {
  return rows.flatMap((row) => row.panels.flatMap(({ queries }) => queries.map(({ expr }) => expr)));
}

const datasource = { type: 'prometheus', uid: '$datasource' };

const frame = {
  uid: 'postilion',
  title: 'Postilion',
  description:
    'A mail-campaign queue: what is sent, how punctually, what waits, what is heard, and whether all is well.',
  tags: ['postilion'],
  schemaVersion: 39,
  editable: true,
  refresh: '30s',
  time: { from: 'now-6h', to: 'now' },
  timezone: 'browser',
  templating: {
    list: [{ name: 'datasource', label: 'Prometheus', type: 'datasource', query: 'prometheus', hide: 0 }],
  },
};

/** Row after row, each panel where the last one of its row left room. */
function laidOut(all: readonly Row[]): object[] {
  let id = 0;
  let y = 0;
  return all.flatMap((row) => {
    const title = {
      id: ++id,
      type: 'row',
      title: row.title,
      collapsed: false,
      gridPos: { x: 0, y: y++, w: width, h: 1 },
    };
    let x = 0;
    const placed = row.panels.map((panel) => {
      const w = panel.width ?? width / 3;
      const h = panel.type === 'stat' ? height / 2 : height;
      if (x + w > width) {
        x = 0;
        y += h;
      }
      const gridPos = { x, y, w, h };
      x += w;
      return { panel, gridPos, id: ++id };
    });
    y = Math.max(...placed.map(({ gridPos }) => gridPos.y + gridPos.h));
    return [title, ...placed.map(({ panel, gridPos, id }) => drawn(panel, gridPos, id))];
  });
}

function drawn(panel: Panel, gridPos: object, id: number): object {
  const { type = 'timeseries', title, says, unit = 'short', queries, bad, min = 0 } = panel;
  const steps = [{ color: 'green', value: null }, ...(bad === undefined ? [] : [{ color: 'red', value: bad }])];
  return {
    id,
    type,
    title,
    description: says,
    datasource,
    gridPos,
    fieldConfig: { defaults: { unit, min, thresholds: { mode: 'absolute', steps } }, overrides: [] },
    options: type === 'stat' ? statOptions : seriesOptions,
    targets: queries.map(({ expr, legend }, place) => ({
      refId: String.fromCharCode(65 + place),
      datasource,
      expr,
      legendFormat: legend,
      range: true,
    })),
  };
}

const statOptions = { colorMode: 'value', graphMode: 'area', reduceOptions: { calcs: ['lastNotNull'] } };
const seriesOptions = {
  legend: { displayMode: 'list', placement: 'bottom' },
  tooltip: { mode: 'multi', sort: 'desc' },
};
