// Metrics as they pass from process to process. A number says by its label which process it belongs to, so merging adds nothing up: a sum over
// processes of which one begins anew would look to Prometheus as if all had, and count everything twice.
import type { Registry } from 'prom-client';
import { z } from 'zod';

const sample = z.object({
  value: z.unknown(),
  labels: z.record(z.string(), z.union([z.string(), z.number()])),
  metricName: z.string().optional(),
});

const family = z.object({
  name: z.string(),
  help: z.string(),
  type: z.string(),
  // What has no number (NaN is null in JSON) is left out: the text format would not hold it.
  values: z.array(sample).transform((all) => all.filter(({ value }) => Number.isFinite(value))),
  // Of prom-client: with labels that differ there is nothing to add.
  aggregator: z.string().transform(() => 'sum' as const),
});

export const families = z.array(family);
export type Family = z.infer<typeof family>;

/** What a registry holds now. */
export async function familiesOf(registry: Registry): Promise<Family[]> {
  return families.parse(await registry.getMetricsAsJSON());
}
