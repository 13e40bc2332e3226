// Which services run, as the supervisor's roll call finds every 10 s anyway: to find out when each has its next run is the one look at the queue
// that is not cheap (with 100 services nine tenths of a scrape).
import { Gauge, type Registry } from 'prom-client';
import { mostServices } from './send_meters.ts';

/** Three calls: what is older was true once. */
const goodForMs = 30_000;

export interface CalledService {
  readonly name: string;
  readonly isRunning: boolean;
}

export class RollGauges {
  readonly #withWork: Gauge;
  readonly #running: Gauge;
  readonly #each: Gauge<'service'>;
  #calledAt = Number.NEGATIVE_INFINITY;

  constructor(registry: Registry) {
    const registers = [registry];
    this.#withWork = new Gauge({
      name: 'postilion_services_with_work',
      help: 'Services that are enabled and have something to do, now or later.',
      registers,
    });
    this.#running = new Gauge({
      name: 'postilion_services_running',
      help: 'Of the services with work, those with a loop, or a job that begins one in time.',
      registers,
    });
    this.#each = new Gauge({
      name: 'postilion_service_running',
      help: 'Of a service with work: 1 where something is under way to do it, else 0.',
      labelNames: ['service'],
      registers,
    });
    this.#forget();
  }

  called(services: readonly CalledService[]): void {
    this.#calledAt = performance.now();
    this.#withWork.set(services.length);
    this.#running.set(services.filter(({ isRunning }) => isRunning).length);
    this.#each.reset();
    for (const { name, isRunning } of services.slice(0, mostServices))
      this.#each.set({ service: name }, isRunning ? 1 : 0);
  }

  /** Before they are shown: while nobody could look nothing is claimed. */
  async refresh(): Promise<void> {
    if (performance.now() - this.#calledAt > goodForMs) this.#forget();
  }

  // Without a label they would say 0.
  #forget(): void {
    this.#withWork.remove();
    this.#running.remove();
    this.#each.reset();
  }
}
