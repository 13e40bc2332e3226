// All metrics there are, as the processes make them.
import type { Registry } from 'prom-client';
import { z } from 'zod';
import { Exposition } from '../../src/metrics/exposition.ts';
import { IntakeMeters } from '../../src/metrics/intake_meters.ts';
import { jobInstruments } from '../../src/metrics/job_meters.ts';
import { RunnerMeters } from '../../src/metrics/runner_meters.ts';
import { measureWorker } from '../../src/metrics/worker_meters.ts';

export interface Metric {
  readonly name: string;
  readonly help: string;
  readonly type: string;
  /** Without `process`, which all have. */
  readonly labels: readonly string[];
  /** The processes that show it. */
  readonly of: string[];
}

const metric = z.object({
  name: z.string(),
  help: z.string(),
  type: z.enum(['counter', 'gauge', 'histogram', 'summary']),
  labelNames: z.array(z.string()),
});

/** In the order in which they are made. */
export function everyMetric(): Metric[] {
  const all = new Map<string, Metric>();
  for (const [process, registry] of Object.entries(registries()))
    for (const made of registry.getMetricsAsArray()) {
      const { labelNames: labels, ...known } = metric.parse(made);
      const entry = all.get(known.name) ?? { ...known, labels, of: [] };
      entry.of.push(process);
      all.set(known.name, entry);
    }
  return [...all.values()];
}

function registries(): Record<string, Registry> {
  const server = new Exposition('serve');
  new IntakeMeters(server.registry);
  const worker = new Exposition('work');
  measureWorker(worker, [], async () => []);
  const send = new RunnerMeters('send').registry;
  const other = new RunnerMeters('other').registry;
  for (const runner of [send, other]) jobInstruments(runner);
  return { serve: server.registry, work: worker.registry, send, other };
}
