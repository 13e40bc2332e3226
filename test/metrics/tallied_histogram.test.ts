import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { Histogram, Registry } from 'prom-client';
import { TalliedHistogram } from '../../src/metrics/tallied_histogram.ts';

const options = { name: 'taken_seconds', help: 'How long.', labelNames: ['service'], buckets: [0.1, 0.5, 2] };
const observations = fc.array(
  fc.record({
    service: fc.constantFrom('a', 'b "quoted"', 'c\\'),
    value: fc.oneof(fc.constantFrom(0, 0.1, 0.5, 2), fc.double({ min: 0, max: 5, noNaN: true })),
  }),
  { minLength: 1, maxLength: 40 },
);

test('what is tallied reads as if prom-client had observed it, as text and as JSON', async () => {
  await fc.assert(
    fc.asyncProperty(observations, async (all) => {
      const [ours, theirs] = [new Registry(), new Registry()];
      for (const registry of [ours, theirs]) registry.setDefaultLabels({ process: 'send' });
      const tallied = new TalliedHistogram(options);
      ours.registerMetric(tallied);
      const observed = new Histogram({ ...options, registers: [theirs] });
      for (const { service, value } of all) {
        tallied.of({ service }).observe(value);
        observed.observe({ service }, value);
      }
      assert.deepEqual(lines(await ours.metrics()), lines(await theirs.metrics()));
      assert.deepEqual(values(await ours.getMetricsAsJSON()), values(await theirs.getMetricsAsJSON()));
    }),
  );
});

/** Labels in the order of their names. */
function lines(text: string): string[] {
  return text
    .split('\n')
    .map((line) => line.replace(/\{(.*)\}/, (_, labels: string) => labels.split(',').sort().join()));
}

function values(metrics: Awaited<ReturnType<Registry['getMetricsAsJSON']>>) {
  return metrics.map(({ name, help, type, ...rest }) => ({
    name,
    help,
    type,
    values: 'values' in rest ? rest.values.map(({ labels, value }) => ({ labels, value })) : [],
  }));
}
