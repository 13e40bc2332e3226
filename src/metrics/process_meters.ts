import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { collectDefaultMetrics, Gauge, type Registry } from 'prom-client';
import { z } from 'zod';
import { openPools } from '../database/pool.ts';

const manifest = z.object({ version: z.string() });

/** Gauges with the name of a counter; the same numbers come by kind, without it. */
const misnamed = ['nodejs_active_handles_total', 'nodejs_active_requests_total', 'nodejs_active_resources_total'];

/** Between two looks at the event loop's lag, which say at least this much. Every look wakes the process: at prom-client's 10 ms three idle ones take 2 % of a core. */
const lagResolutionMs = 50;

/** What every process has: memory, processor, event loop (the usual process_* and nodejs_*), connections to the database, its version. */
export function measureProcess(registry: Registry): void {
  collectDefaultMetrics({ register: registry, eventLoopMonitoringPrecision: lagResolutionMs });
  for (const name of misnamed) registry.removeSingleMetric(name);
  measurePools(registry);
  const { version } = manifest.parse(
    JSON.parse(readFileSync(join(import.meta.dirname, '..', '..', 'package.json'), 'utf8')),
  );
  new Gauge({
    name: 'postilion_build_info',
    help: 'Always 1; the label is the version that runs.',
    labelNames: ['version'],
    registers: [registry],
  }).set({ version }, 1);
}

function measurePools(registry: Registry): void {
  new Gauge({
    name: 'postilion_pool_waiting',
    help: 'Statements that wait for a connection to the database, by pool.',
    labelNames: ['pool'],
    registers: [registry],
    collect() {
      this.reset();
      for (const { name, pool } of openPools()) this.inc({ pool: name }, pool.waitingCount);
    },
  });
  new Gauge({
    name: 'postilion_pool_connections',
    help: 'Connections to the database, by pool and state (idle, busy, room: not opened).',
    labelNames: ['pool', 'state'],
    registers: [registry],
    collect() {
      this.reset();
      for (const { name, pool } of openPools()) {
        const { totalCount, idleCount, options } = pool;
        this.inc({ pool: name, state: 'idle' }, idleCount);
        this.inc({ pool: name, state: 'busy' }, totalCount - idleCount);
        this.inc({ pool: name, state: 'room' }, Math.max(options.max - totalCount, 0));
      }
    },
  });
}
