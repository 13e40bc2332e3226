// docs/metrics.md, whose table is made of what the processes make.
import { mostServices } from '../../src/metrics/send_meters.ts';
import { everyMetric, type Metric } from './every_metric.ts';

const head = `# Metrics

Where \`METRICS_PORT\` is set, \`postilion serve\`, \`work\` and \`start\` listen there, on \`METRICS_HOST\` (127.0.0.1): \`/metrics\` for Prometheus, \`/healthz\` and \`/readyz\`. With \`METRICS_TOKEN\` the server's own port
shows \`/metrics\` as well, and whoever reads them anywhere shows that as a bearer token. With neither nothing is measured. Each process on a machine needs a port of its own. [ops/prometheus](../ops/prometheus) has
a scrape configuration and rules, [ops/grafana](../ops/grafana) a dashboard to import.

Every number has the label \`process\`: \`serve\`, \`work\` (the supervisor) or \`start\` (both in one), and \`send\` and \`other\`, the two runners whose numbers their supervisor shows. What a process counts
begins anew with it, as Prometheus expects. What is read from the database (all of it of \`work\`) every worker shows alike: take the maximum, never the sum. Labels are bounded: no Task, address or
error text is one; of services, the first ${mostServices} names a process meets, then \`other\`.

| metric | type | labels | of | what |
|---|---|---|---|---|
`;

const tail = `
Beside them each process has the usual \`process_*\` and \`nodejs_*\` of Node.js (processor, memory, event loop, garbage collection); the lag of an event loop that is never late reads 0.05 s, the time between two looks at it.
`;

/** What docs/metrics.md should say. */
export function documented(): string {
  const own = everyMetric().filter(({ name }) => name.startsWith('postilion_'));
  return `${head}${own
    .toSorted((a, b) => (a.name < b.name ? -1 : 1))
    .map(line)
    .join('\n')}\n${tail}`;
}

function line({ name, type, labels, of, help }: Metric): string {
  const where = of.length === 4 ? 'all' : of.join(', ');
  return `| \`${name}\` | ${type} | ${labels.map((label) => `\`${label}\``).join(', ')} | ${where} | ${help} |`;
}
