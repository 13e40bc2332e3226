// EngageLab Email over its REST API.
import { outcomeOf } from './engagelab_answer.ts';
import { EngagelabLookUp } from './engagelab_look_up.ts';
import { refusalOf, requestBody } from './engagelab_request.ts';
import { type Exchange, PostLine } from './post_line.ts';
import type { Account, LookUp, Mail, Outcome, Provider, Sender } from './provider.ts';
import { withoutSecrets } from './secrets.ts';
import { clip } from './text.ts';

/** Singapore. Keys work in their own data centre only; the Turkish one is https://emailapi-tr.engagelab.com. */
export const DEFAULT_BASE_URL = 'https://email.api.engagelab.cc';

const CREDENTIALS = ['apiUser', 'apiKey'];
const MAX_MESSAGE = 1_024;

export const engagelab: Provider = {
  name: 'engagelab',
  needsBaseUrl: false,
  remembersRequestIds: true,
  takesReturnPaths: false,
  missingCredentials: (credentials) => CREDENTIALS.filter((name) => !credentials[name]?.trim()),
  open: (account) => new EngagelabSender(account),
};

class EngagelabSender implements Sender {
  readonly lookUp: LookUp;
  readonly #line: PostLine | null;
  readonly #headers: Record<string, string>;
  readonly #secrets: string[];
  readonly #inFlight = new Set<Promise<unknown>>();

  constructor(account: Account) {
    const baseUrl = (account.baseUrl ?? DEFAULT_BASE_URL).replace(/\/+$/, '');
    const url = sendUrl(baseUrl);
    const token = basicToken(account.credentials);
    this.#line = url === null ? null : new PostLine(url);
    this.#headers = { authorization: `Basic ${token}`, 'content-type': 'application/json; charset=utf-8' };
    this.#secrets = [account.credentials['apiKey'] ?? '', token];
    this.lookUp = new EngagelabLookUp(baseUrl, account.credentials['apiUser'] ?? '', this.#headers, this.#secrets);
  }

  send(mail: Mail, timeoutMs: number, since = performance.now()): Promise<Outcome> {
    const sending = this.#send(mail, timeoutMs, since).finally(() => this.#inFlight.delete(sending));
    this.#inFlight.add(sending);
    return sending;
  }

  /** Waits for what is under way first: cutting it off would leave those mails in doubt. */
  async close(): Promise<void> {
    await Promise.allSettled(this.#inFlight);
    this.#line?.close();
  }

  async #send(mail: Mail, timeoutMs: number, since: number): Promise<Outcome> {
    if (this.#line === null) return WRONG_BASE_URL;
    const refusal = refusalOf(mail);
    if (refusal !== null) return refusal;
    const exchange = await this.#line.post(this.#headers, requestBody(mail), timeoutMs, since);
    return withoutSecrets(judge(exchange, mail.to), this.#secrets);
  }
}

const WRONG_BASE_URL: Outcome = {
  kind: 'unusable',
  code: 'base_url',
  message: 'the base URL is not an http or https address',
  reason: 'configuration',
};

function judge(exchange: Exchange, recipient: string): Outcome {
  if (exchange.kind === 'answer') return outcomeOf(exchange, recipient);
  const message = clip(exchange.reason, MAX_MESSAGE);
  if (exchange.kind === 'unwritten') return { kind: 'unusable', code: 'connect', message, reason: 'unreachable' };
  return { kind: 'unknown', code: exchange.timedOut ? 'timeout' : 'connection', message };
}

function sendUrl(baseUrl: string): URL | null {
  const url = URL.parse(`${baseUrl}/v1/mail/send`);
  return url !== null && ['http:', 'https:'].includes(url.protocol) ? url : null;
}

function basicToken(credentials: Account['credentials']): string {
  return Buffer.from(`${credentials['apiUser'] ?? ''}:${credentials['apiKey'] ?? ''}`).toString('base64');
}
