// Steers and reads a simulator in another process.
import { type Acknowledged, acknowledgedSchema } from './acknowledged.ts';
import { type Entry, entrySchema } from './entry.ts';
import type { Faults, SettingsInput } from './options.ts';
import { type Summary, summarySchema } from './summary.ts';

export class SimulatorClient {
  readonly #root: string;

  /** @param url As Simulator.url. */
  constructor(url: string) {
    this.#root = `${url}/_simulator`;
  }

  /** Requests in order of arrival, from a sequence number on. */
  async *record(since = 0): AsyncGenerator<Entry> {
    const response = await this.#call(`/record?since=${since}`);
    for await (const line of linesOf(response)) yield entrySchema.parse(JSON.parse(line));
  }

  /** Events that were acknowledged, in order, but for so many of the first; kept when `webhooks.keepRecord` is set. */
  async *acknowledged(since = 0): AsyncGenerator<Acknowledged> {
    const response = await this.#call(`/webhooks?since=${since}`);
    for await (const line of linesOf(response)) yield acknowledgedSchema.parse(JSON.parse(line));
  }

  async summary(intervalMsByAccount: Readonly<Record<string, number>> = {}): Promise<Summary> {
    const query = new URLSearchParams({ intervals: JSON.stringify(intervalMsByAccount) });
    const response = await this.#call(`/summary?${query}`);
    return summarySchema.parse(await response.json());
  }

  /** Resolves when all webhooks due have been posted or given up. */
  async drain(): Promise<void> {
    await this.#done(this.#call('/drain'));
  }

  /** Replaces all faults; `{}` ends them. */
  async setFaults(faults: Partial<Faults>): Promise<void> {
    await this.#done(this.#post('/faults', faults));
  }

  /** Replaces the top-level settings named. */
  async configure(settings: SettingsInput): Promise<void> {
    await this.#done(this.#post('/settings', settings));
  }

  async reset(): Promise<void> {
    await this.#done(this.#post('/reset', {}));
  }

  #post(path: string, body: unknown): Promise<Response> {
    return this.#call(path, { method: 'POST', body: JSON.stringify(body) });
  }

  async #call(path: string, init: RequestInit = {}): Promise<Response> {
    const response = await fetch(this.#root + path, init);
    if (response.ok) return response;
    throw new Error(`the simulator answered ${response.status} to ${path}: ${await response.text()}`);
  }

  async #done(call: Promise<Response>): Promise<void> {
    await (await call).arrayBuffer();
  }
}

async function* linesOf(response: Response): AsyncGenerator<string> {
  let rest = '';
  for await (const text of response.body?.pipeThrough(new TextDecoderStream()) ?? []) {
    const lines = (rest + text).split('\n');
    rest = lines.pop() ?? '';
    yield* lines;
  }
  if (rest !== '') yield rest;
}
