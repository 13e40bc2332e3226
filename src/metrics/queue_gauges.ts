// The database's state, for monitoring. Only a worker's supervisor shows it: it has the role for it and nothing else to do meanwhile, while a
// server's connections belong to people. Several workers show the same, so rules take the maximum.
import { Gauge, type Registry } from 'prom-client';
import type { GaugeReading } from '../database/metrics/read_gauges.ts';

/** However many scrape, and however often: one statement in this time. */
const fewSecondsMs = 5_000;
/** Below the 10 s that Prometheus waits. */
const patienceMs = 4_000;

interface Definition {
  readonly label?: string;
  readonly help: string;
}

/** By the names that app_private.read_gauges gives. */
export const definitions: Readonly<Record<string, Definition>> = {
  tasks: { label: 'state', help: 'Tasks that are queued or being sent (at most 1,000).' },
  queue_mails: {
    label: 'state',
    help: 'Mails of Tasks that are queued or being sent: pending, allocated (claimed), sending (at the provider).',
  },
  oldest_due_seconds: {
    help: 'For how long the first waiting mail of a Task that is being sent has been due. A campaign longer than a day has one of a day.',
  },
  uncertain_mails: {
    label: 'age',
    help: 'Mails that a provider may have taken (at most 10,001): new, or old, which is over an hour.',
  },
  leases_overdue: { help: 'Mails whose lease has run out and was not settled yet.' },
  services: {
    label: 'state',
    help: 'Services that are enabled; of these: stopped, and frozen for a fault.',
  },
  service_frozen: { label: 'service', help: '1 while a service is frozen for a fault, else 0.' },
  service_quota_left_mails: { label: 'service', help: 'What a service with a quota or warm-up may still send today.' },
  service_unheard: { label: 'service', help: '1 for a service that sent for a whole hour and was not heard of since.' },
  inbox_webhooks: {
    label: 'state',
    help: 'Webhooks that are to be applied now (waiting), and those given up in the last 24 hours (parked); at most 10,001 of each.',
  },
  inbox_oldest_seconds: { help: 'For how long the oldest webhook has been waiting; 0: none is.' },
  jobs: {
    label: 'state',
    help: 'Jobs: waiting, scheduled for later, locked by a runner, failed for good (of 10,001 at most).',
  },
  runners: { label: 'kind', help: 'Runners of all machines that gave a sign of life within 15 s.' },
  cron_last_finish_timestamp_seconds: {
    label: 'handler',
    help: 'When a handler of the crontab last finished without an error, wherever it ran.',
  },
  repairs: {
    label: 'what',
    help: 'What mended itself or was mended in the last 24 hours, by function (at most 1,000).',
  },
  statistics_drifts: { help: 'How often statistics had to be mended in the last 24 hours. Must be 0.' },
  alerts_open: { label: 'severity', help: 'Alerts that are open.' },
  roll_up_lag_seconds: { help: 'How long ago the last closed hour of the reports ended.' },
};

export class QueueGauges {
  readonly #read: () => Promise<GaugeReading[]>;
  readonly #goodForMs: number;
  readonly #gauges: ReadonlyMap<string, Gauge>;
  readonly #isUp: Gauge;
  #reading: Promise<void> | null = null;
  #freshUntil = Number.NEGATIVE_INFINITY;

  constructor(registry: Registry, read: () => Promise<GaugeReading[]>, goodForMs = fewSecondsMs) {
    this.#read = read;
    this.#goodForMs = goodForMs;
    const names = Object.entries(definitions);
    this.#gauges = new Map(names.map(([name, definition]) => [name, gauge(name, definition, registry)]));
    this.#isUp = new Gauge({
      name: 'postilion_database_up',
      help: 'Whether the database answered when its state was read; where it is 0, what is read from it is left out.',
      registers: [registry],
    });
  }

  /** Resolves when they show what was so at most some seconds ago. */
  async refresh(): Promise<void> {
    if (performance.now() < this.#freshUntil) return;
    this.#reading ??= this.#look().finally(() => {
      this.#reading = null;
    });
    await this.#reading;
  }

  async #look(): Promise<void> {
    const readings = await inTime(this.#read());
    this.#freshUntil = performance.now() + this.#goodForMs;
    this.#isUp.set(readings === null ? 0 : 1);
    for (const [name, each] of this.#gauges) {
      each.reset();
      // Without a label it would say 0, which may be the worst there is.
      if (definitions[name]?.label === undefined) each.remove();
    }
    for (const { name, label, value } of readings ?? []) {
      const key = definitions[name]?.label;
      this.#gauges.get(name)?.set(key === undefined || label === null ? {} : { [key]: label }, value);
    }
  }
}

function gauge(name: string, { help, label }: Definition, registry: Registry): Gauge {
  return new Gauge({
    name: `postilion_${name}`,
    help,
    labelNames: label === undefined ? [] : [label],
    registers: [registry],
  });
}

async function inTime(reading: Promise<GaugeReading[]>): Promise<GaugeReading[] | null> {
  const late = Promise.withResolvers<null>();
  const timer = setTimeout(() => late.resolve(null), patienceMs);
  return Promise.race([reading.catch(() => null), late.promise]).finally(() => clearTimeout(timer));
}
