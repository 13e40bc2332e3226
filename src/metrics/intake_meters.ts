import { Counter, type Registry } from 'prom-client';

/** What comes in at a server. Sources are those there are: a path of another leads nowhere. */
export class IntakeMeters {
  readonly #received: Counter<'source'>;
  readonly #refused: Counter<'source'>;

  constructor(registry: Registry) {
    this.#received = new Counter({
      name: 'postilion_webhooks_received_total',
      help: 'Webhooks, opens and clicks that were recorded, by source.',
      labelNames: ['source'],
      registers: [registry],
    });
    this.#refused = new Counter({
      name: 'postilion_webhooks_refused_total',
      help: 'Webhooks that may not come in (wrong path or signature), by source.',
      labelNames: ['source'],
      registers: [registry],
    });
  }

  received(source: string): void {
    this.#received.inc({ source });
  }

  refused(source: string): void {
    this.#refused.inc({ source });
  }
}
