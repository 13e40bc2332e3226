// What a worker's supervisor measures: the state of the queue, its runners, and what its sweeps mend.
import type { GaugeReading } from '../database/metrics/read_gauges.ts';
import { crontabFor } from '../worker/task_list.ts';
import { measureCrontab } from './cron_gauge.ts';
import type { Exposition } from './exposition.ts';
import type { Family } from './families.ts';
import { type LeaseMeter, leaseMeter } from './leases_expired.ts';
import { QueueGauges } from './queue_gauges.ts';
import { measureRunners } from './runner_gauge.ts';

interface Runner {
  readonly kind: string;
  readonly isReady: boolean;
  families(): Promise<Family[]>;
}

/** @returns what the sweep tells of leases */
export function measureWorker(
  metrics: Exposition,
  runners: readonly Runner[],
  read: () => Promise<GaugeReading[]>,
): LeaseMeter {
  const { registry } = metrics;
  const queue = new QueueGauges(registry, read);
  metrics.lookUpFirst(() => queue.refresh());
  for (const runner of runners) metrics.include(() => runner.families());
  measureRunners(registry, runners);
  measureCrontab(registry, crontabFor('other'));
  return leaseMeter(registry);
}
