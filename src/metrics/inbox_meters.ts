import { Counter, Histogram, type Registry } from 'prom-client';
import type { Applied } from '../database/metrics/tell_applied.ts';

/** What becomes of webhooks once they are in the inbox. */
export class InboxMeters {
  readonly #lag: Histogram;
  readonly #events: Counter<'kind' | 'strategy'>;
  readonly #failed: Counter<'why'>;

  constructor(registry: Registry) {
    const registers = [registry];
    this.#lag = new Histogram({
      name: 'postilion_webhook_apply_lag_seconds',
      help: 'From the receipt of a webhook until it was applied, on database time. A replay counts from the receipt, too.',
      buckets: [0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 15, 60, 600, 3_600],
      registers,
    });
    this.#events = new Counter({
      name: 'postilion_events_total',
      help: 'Events in webhooks, each counted once however often it was told, by kind and by the strategy that found its mail (none: not found).',
      labelNames: ['kind', 'strategy'],
      registers,
    });
    this.#failed = new Counter({
      name: 'postilion_webhook_failures_total',
      help: 'Webhooks that could not be applied: unreadable (given up at once), broken (a fault of ours, tried again), waiting (for the message id of its mail).',
      labelNames: ['why'],
      registers,
    });
  }

  applied({ lags, events }: Applied): void {
    for (const lag of lags) this.#lag.observe(Math.max(lag, 0));
    for (const { kind, strategy, count } of events) this.#events.inc({ kind, strategy }, count);
  }

  failed(why: 'unreadable' | 'broken' | 'waiting', webhooks: number): void {
    if (webhooks > 0) this.#failed.inc({ why }, webhooks);
  }
}
