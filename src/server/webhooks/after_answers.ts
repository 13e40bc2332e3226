import type { Logger } from 'pino';
import type { Circumstances, WebhookRequest, WebhookSource } from '../../providers/webhook_source.ts';

/** What sources do when their request is recorded and answered. A failure is logged: the provider asks again. */
export class AfterAnswers {
  readonly #log: Logger;
  readonly #circumstances: () => Circumstances;
  readonly #running = new Set<Promise<void>>();

  constructor(log: Logger, circumstances: () => Circumstances) {
    this.#log = log;
    this.#circumstances = circumstances;
  }

  begin(source: WebhookSource, request: WebhookRequest): void {
    if (source.answer === undefined) return;
    const running = this.#run(source, request).finally(() => this.#running.delete(running));
    this.#running.add(running);
  }

  /** Resolves when none is under way any more. */
  async idle(): Promise<void> {
    await Promise.all(this.#running);
  }

  async #run(source: WebhookSource, request: WebhookRequest): Promise<void> {
    try {
      await source.answer?.(request, this.#circumstances());
    } catch (error) {
      this.#log.warn({ err: error, source: source.name }, 'a webhook could not be answered as it asked');
    }
  }
}
