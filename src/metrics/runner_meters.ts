// What a runner measures, by its kind.
import type { WorkerEvents } from 'graphile-worker';
import { Registry } from 'prom-client';
import { type Family, familiesOf } from './families.ts';
import { InboxMeters } from './inbox_meters.ts';
import { measureJobs } from './job_meters.ts';
import { type LeaseMeter, leaseMeter } from './leases_expired.ts';
import { measureProcess } from './process_meters.ts';
import { SendMeters } from './send_meters.ts';

export class RunnerMeters {
  readonly registry = new Registry();
  /** Of a runner that sends. */
  readonly sends: SendMeters | undefined;
  /** Of one for everything else. */
  readonly inbox: InboxMeters | undefined;
  readonly leases: LeaseMeter | undefined;

  constructor(kind: 'send' | 'other') {
    this.registry.setDefaultLabels({ process: kind });
    measureProcess(this.registry);
    this.sends = kind === 'send' ? new SendMeters(this.registry) : undefined;
    this.inbox = kind === 'other' ? new InboxMeters(this.registry) : undefined;
    this.leases = kind === 'other' ? leaseMeter(this.registry) : undefined;
  }

  watch(events: WorkerEvents): void {
    measureJobs(this.registry, events);
  }

  families(): Promise<Family[]> {
    return familiesOf(this.registry);
  }
}
