// Tells the world of accepted mails: posts EngageLab's webhooks, or opens and clicks as a recipient would.
import type { Acknowledged } from './acknowledged.ts';
import { type EventKind, type Step, stepsOf } from './afterlife.ts';
import { Courier, type Job } from './courier.ts';
import { draw } from './draw.ts';
import type { AcceptedMail } from './message.ts';
import type { Settings } from './options.ts';
import { signedHeaders, webhookBody } from './webhook_body.ts';

const BROWSER =
  'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/138.0.0.0 Safari/537.36';
const PRIVACY_PROXY = 'Mozilla/5.0';

export interface WebhookCounts {
  /** Waiting for their time, for a free slot, or for the next attempt; fetches included. */
  readonly pending: number;
  /** Answered with 200 or 204. */
  readonly posted: number;
  readonly retried: number;
  /** Given up after the last attempt. */
  readonly failed: number;
  /** Left out on purpose. */
  readonly lost: number;
  /** Pixels and links fetched, and those that could not be. */
  readonly fetched: number;
  readonly fetchesFailed: number;
}

const NONE = { posted: 0, retried: 0, failed: 0, lost: 0, fetched: 0, fetchesFailed: 0 };

export class Webhooks {
  readonly #settings: () => Settings;
  readonly #seed: number;
  readonly #closing: AbortSignal;
  readonly #courier = new Courier(() => this.#settings().webhooks.concurrency);
  #counts = { ...NONE };
  #acknowledged: Acknowledged[] = [];

  constructor(settings: () => Settings, seed: number, closing: AbortSignal) {
    this.#settings = settings;
    this.#seed = seed;
    this.#closing = closing;
  }

  get counts(): WebhookCounts {
    return { pending: this.#courier.pending, ...this.#counts };
  }

  /** In order; nothing unless the settings say that it is kept. */
  get acknowledged(): readonly Acknowledged[] {
    return this.#acknowledged;
  }

  /** Plans all events of a mail. */
  follow(mail: AcceptedMail): void {
    const acceptedAt = Date.now();
    for (const step of stepsOf(mail.entry, this.#settings(), this.#seed)) this.#plan(mail, step, acceptedAt);
  }

  /** Resolves when all that is due has been posted or given up. */
  drain(): Promise<void> {
    return this.#courier.idle();
  }

  reset(): void {
    this.#courier.clear();
    this.#counts = { ...NONE };
    this.#acknowledged = [];
  }

  #plan(mail: AcceptedMail, step: Step, acceptedAt: number): void {
    if (this.#isFetched(step.kind)) this.#planFetches(mail, step);
    else this.#planPosts(mail, step, acceptedAt);
  }

  #planPosts(mail: AcceptedMail, step: Step, acceptedAt: number): void {
    const { url: common, urlByApiUser, lost, duplicates } = this.#settings().webhooks;
    const url = urlByApiUser[mail.apiUser] ?? common;
    if (url === null) return;
    if (this.#chance(mail, 'lost', step.kind) < lost) {
      this.#counts.lost++;
      return;
    }
    const occurredAt = Math.floor(acceptedAt + step.atMs);
    const body = JSON.stringify(webhookBody(mail, step.kind, occurredAt, this.#agentOf(mail)));
    const event = { subTaskId: mail.entry.subTaskId, kind: step.kind, occurredAt };
    this.#courier.add(step.tellAtMs, this.#postJob(url, body, event));
    if (this.#chance(mail, 'twice', step.kind) < duplicates)
      this.#courier.add(step.tellAtMs, this.#postJob(url, body, event));
  }

  #isFetched(kind: EventKind): boolean {
    return this.#settings().recipients.engagement === 'fetch' && (kind === 'open' || kind === 'click');
  }

  #agentOf(mail: AcceptedMail): string {
    return this.#chance(mail, 'machine') < this.#settings().recipients.machineOpens ? PRIVACY_PROXY : BROWSER;
  }

  #planFetches(mail: AcceptedMail, step: Step): void {
    const chosen = Math.floor(this.#chance(mail, 'link') * mail.links.length);
    const targets = step.kind === 'open' ? mail.pixels : mail.links.slice(chosen, chosen + 1);
    for (const target of targets) this.#courier.add(step.tellAtMs, this.#fetchJob(target, this.#agentOf(mail)));
  }

  #postJob(url: string, body: string, event: Omit<Acknowledged, 'attempts'>): Job {
    let attempts = 0;
    return async () => {
      const { retries, retryDelayMs, appKey, keepRecord } = this.#settings().webhooks;
      attempts++;
      const status = await this.#statusOf(url, { method: 'POST', headers: signedHeaders(appKey), body });
      if (status === 200 || status === 204) {
        this.#counts.posted++;
        if (keepRecord) this.#acknowledged.push({ ...event, attempts });
        return null;
      }
      const again = attempts <= retries && !this.#closing.aborted;
      this.#counts[again ? 'retried' : 'failed']++;
      return again ? retryDelayMs * 2 ** (attempts - 1) : null;
    };
  }

  #fetchJob(url: string, userAgent: string): Job {
    return async () => {
      const status = await this.#statusOf(url, { headers: { 'user-agent': userAgent } });
      this.#counts[status !== null && status < 400 ? 'fetched' : 'fetchesFailed']++;
      return null;
    };
  }

  /** The status answered; null when there was none in time. A redirect is not followed: it leads to the world outside. */
  async #statusOf(url: string, init: RequestInit): Promise<number | null> {
    const signal = AbortSignal.any([this.#closing, AbortSignal.timeout(this.#settings().webhooks.timeoutMs)]);
    try {
      const response = await fetch(url, { ...init, redirect: 'manual', signal });
      await response.arrayBuffer();
      return response.status;
    } catch {
      return null;
    }
  }

  #chance(mail: AcceptedMail, ...words: string[]): number {
    return draw(this.#seed, ...words, mail.to, mail.entry.campaign ?? '');
  }
}
