// What a worker's supervisor measures: the state of the queue, its runners, and what its sweeps mend.
import type { GaugeReading } from '../database/metrics/read_gauges.ts';
import { crontabFor } from '../worker/task_list.ts';
import { measureCrontab } from './cron_gauge.ts';
import type { Exposition } from './exposition.ts';
import type { Family } from './families.ts';
import { type LeaseMeter, leaseMeter } from './leases_expired.ts';
import { QueueGauges } from './queue_gauges.ts';
import { type CalledService, RollGauges } from './roll_gauges.ts';
import { measureRunners } from './runner_gauge.ts';

interface Runner {
  readonly kind: string;
  readonly isReady: boolean;
  families(): Promise<Family[]>;
}

/** What a supervisor tells of what it finds. */
export interface WorkerMeters {
  readonly leases: LeaseMeter;
  readonly called: (services: readonly CalledService[]) => void;
}

export function measureWorker(
  metrics: Exposition,
  runners: readonly Runner[],
  read: () => Promise<GaugeReading[]>,
): WorkerMeters {
  const { registry } = metrics;
  const queue = new QueueGauges(registry, read);
  const roll = new RollGauges(registry);
  metrics.lookUpFirst(() => queue.refresh());
  metrics.lookUpFirst(() => roll.refresh());
  for (const runner of runners) metrics.include(() => runner.families());
  measureRunners(registry, runners);
  measureCrontab(registry, crontabFor('other'));
  return { leases: leaseMeter(registry), called: (services) => roll.called(services) };
}
