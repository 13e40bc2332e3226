// What one process tells monitoring: its own registry, and those of the processes it answers for.
import { AggregatorRegistry, type PrometheusContentType, Registry } from 'prom-client';
import { type Family, familiesOf } from './families.ts';
import { measureProcess } from './process_meters.ts';

export class Exposition {
  readonly registry = new Registry();
  readonly #others: (() => Promise<Family[]>)[] = [];
  readonly #lookUps: (() => Promise<void>)[] = [];

  /** @param process what all numbers of this process are labelled with: serve, work or start */
  constructor(process: string) {
    this.registry.setDefaultLabels({ process });
    measureProcess(this.registry);
  }

  get contentType(): string {
    return this.registry.contentType;
  }

  /** Tells what another process measured too. `read` resolves with nothing when that process does not answer. */
  include(read: () => Promise<Family[]>): void {
    this.#others.push(read);
  }

  /** Has `lookUp` bring its gauges up to date before each answer; prom-client reads all others while one collects. It must not throw. */
  lookUpFirst(lookUp: () => Promise<void>): void {
    this.#lookUps.push(lookUp);
  }

  /** In the text format of Prometheus. */
  async text(): Promise<string> {
    await Promise.all(this.#lookUps.map((lookUp) => lookUp()));
    const families = await Promise.all([familiesOf(this.registry), ...this.#others.map((read) => read())]);
    return AggregatorRegistry.aggregate<PrometheusContentType>(families).metrics();
  }
}
