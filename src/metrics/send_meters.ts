// What a runner that sends measures. Less than a microsecond a mail: no timer, no statement, no text made; what comes with every mail is tallied, and
// told to prom-client when somebody reads.
import { Counter, Histogram, type Registry } from 'prom-client';
import type { SendResult } from '../database/queue/complete_sends.ts';
import type { UnusableReason } from '../providers/provider.ts';
import { IntervalWatch, type Terms } from './interval_watch.ts';
import { TalliedHistogram, type Tally } from './tallied_histogram.ts';

/** Labels are kept as long as the process lives, and a name is whatever people choose. */
export const mostServices = 200;
export const otherService = 'other';

export class SendMeters {
  readonly #instruments: Instruments;
  readonly #claims: Histogram<'pace'>;
  readonly #meters = new Map<string, ServiceMeter>();
  readonly #names = new Set<string>();

  constructor(registry: Registry) {
    this.#instruments = instrumentsOf(registry, () => {
      for (const meter of this.#meters.values()) meter.tell();
    });
    this.#claims = new Histogram({
      name: 'postilion_claim_duration_seconds',
      help: 'Time of the statement that claims mails: claim_sub_tasks (paced), exchange_mails with the results before (rated). Only those that got some.',
      labelNames: ['pace'],
      buckets: [0.000_5, 0.001, 0.002_5, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1],
      registers: [registry],
    });
  }

  /** The meter of one service, the same each time. */
  of(serviceId: string, name: string): ServiceMeter {
    const known = this.#meters.get(serviceId);
    if (known?.name === name) return known;
    // A service that was renamed: what was tallied by its old name is told by it.
    known?.tell();
    const meter = new ServiceMeter(name, this.#labelFor(name), this.#instruments);
    this.#meters.set(serviceId, meter);
    return meter;
  }

  /** @param since performance.now() ms */
  claimed(pace: 'paced' | 'rated', since: number): void {
    this.#claims.observe({ pace }, secondsSince(since));
  }

  #labelFor(name: string): string {
    if (this.#names.size >= mostServices && !this.#names.has(name)) return otherService;
    this.#names.add(name);
    return name;
  }
}

/** What happens to the mails of one service. Times are performance.now() ms. */
export class ServiceMeter {
  readonly name: string;
  readonly #service: string;
  readonly #instruments: Instruments;
  readonly #interval: IntervalWatch;
  readonly #handOvers: Tally;
  /** Not told yet. */
  readonly #outcomes = new Map<SendResult['kind'], number>();

  constructor(name: string, service: string, instruments: Instruments) {
    this.name = name;
    this.#service = service;
    this.#instruments = instruments;
    this.#handOvers = instruments.handOvers.of({ service });
    // So that the first mail is an increase, and "never" a number.
    for (const outcome of outcomes) instruments.sends.inc({ service, outcome }, 0);
    instruments.undercuts.inc({ service }, 0);
    this.#interval = new IntervalWatch({
      kept: (excessMs) => instruments.excess.observe(excessMs / 1_000),
      undercut: () => instruments.undercuts.inc({ service }),
    });
  }

  /** A paced service's mail is at the wire, which it might have been at `dueAt`. */
  atTheWire(dueAt: number): void {
    this.#instruments.lateness.observe(Math.max(secondsSince(dueAt), 0));
  }

  writes(at: number, terms: Terms): void {
    if (terms.intervalMs > 0) this.#interval.begins(at, terms);
  }

  answered(since: number, terms: Terms): void {
    const now = performance.now();
    this.#handOvers.observe((now - since) / 1_000);
    if (terms.intervalMs > 0) this.#interval.ends(now, terms);
  }

  /** What a mail came to, in the end. */
  cameTo(outcome: SendResult['kind']): void {
    this.#outcomes.set(outcome, (this.#outcomes.get(outcome) ?? 0) + 1);
    // What makes a service unusable is told by its reason.
    if (outcome !== 'accepted' && outcome !== 'unusable') this.#failed(outcome);
  }

  unusable(reason: UnusableReason): void {
    this.#failed(reason);
  }

  /** There is nothing to send. */
  rests(): void {
    this.#interval.rests();
  }

  /** Brings the counter up to date. */
  tell(): void {
    for (const [outcome, mails] of this.#outcomes)
      this.#instruments.sends.inc({ service: this.#service, outcome }, mails);
    this.#outcomes.clear();
  }

  #failed(kind: string): void {
    this.#instruments.failures.inc({ service: this.#service, class: kind });
  }
}

const outcomes = ['accepted', 'refused', 'deferred', 'unusable', 'unknown', 'not_sent'] as const;

interface Instruments {
  readonly sends: Counter<'service' | 'outcome'>;
  readonly failures: Counter<'service' | 'class'>;
  readonly handOvers: TalliedHistogram<'service'>;
  readonly lateness: Histogram;
  readonly excess: Histogram;
  readonly undercuts: Counter<'service'>;
}

/** @param tell brings what was tallied to the counter of sends */
function instrumentsOf(registry: Registry, tell: () => void): Instruments {
  const registers = [registry];
  const handOvers = new TalliedHistogram({
    name: 'postilion_hand_over_duration_seconds',
    help: "From writing a mail to the provider's answer, whatever it was.",
    labelNames: ['service'],
    buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30],
  });
  registry.registerMetric(handOvers);
  return {
    sends: new Counter({
      name: 'postilion_sends_total',
      help: 'Mails handed over, by what became of them: accepted, refused (this address), deferred (for now), unusable (the service), unknown (it may have been taken), not_sent (the worker did not write).',
      labelNames: ['service', 'outcome'],
      registers,
      collect: tell,
    }),
    failures: new Counter({
      name: 'postilion_send_failures_total',
      help: 'Hand-overs that were not accepted, by class: refused, deferred, unknown, not_sent; authentication, balance, quota, configuration, unreachable (the service).',
      labelNames: ['service', 'class'],
      registers,
    }),
    handOvers,
    lateness: new Histogram({
      name: 'postilion_pace_lateness_seconds',
      help: "How late a paced service's claimed mail was at the wire, after its service had thawed.",
      buckets: [0.000_5, 0.001, 0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1],
      registers,
    }),
    excess: new Histogram({
      name: 'postilion_interval_excess_seconds',
      help: "By how much longer than its interval a paced service paused between a mail's answer and the next mail, while there was work and one process did both.",
      buckets: [0, 0.002_5, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 5],
      registers,
    }),
    undercuts: new Counter({
      name: 'postilion_intervals_undercut_total',
      help: 'Mails of a paced service that were written sooner than its interval after the answer before. Must be 0.',
      labelNames: ['service'],
      registers,
    }),
  };
}

function secondsSince(at: number): number {
  return (performance.now() - at) / 1_000;
}
