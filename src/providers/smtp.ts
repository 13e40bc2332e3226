// Any SMTP server, over nodemailer's pool of connections.
import { createTransport, type Transporter } from 'nodemailer';
import type { SMTPPoolOptions, SMTPPoolSentMessageInfo } from 'nodemailer/lib/smtp-pool';
import type { Account, Mail, Outcome, Provider, Sender } from './provider.ts';
import { withoutSecrets } from './secrets.ts';
import { MAX_TEXT, outcomeOf } from './smtp_answer.ts';
import { lineOptions } from './smtp_endpoint.ts';
import { messageIdOf, messageOf, refusalOf } from './smtp_message.ts';
import { Passage } from './smtp_passage.ts';
import { clip } from './text.ts';

type Transport = Transporter<SMTPPoolSentMessageInfo, SMTPPoolOptions>;

const CREDENTIALS = ['user', 'password'];
/** Well below the 5 minutes that servers should wait (RFC 5321, 4.5.3.2.7): few do. */
const MAX_IDLE_MS = 30_000;

export const smtp: Provider = {
  name: 'smtp',
  needsBaseUrl: true,
  remembersRequestIds: false,
  takesReturnPaths: true,
  missingCredentials,
  open: (account) => new SmtpSender(account),
};

/** Both or none: a server of one's own may ask for neither. */
function missingCredentials(credentials: Readonly<Record<string, string>>): string[] {
  const missing = CREDENTIALS.filter((name) => !credentials[name]?.trim());
  return missing.length === CREDENTIALS.length ? [] : missing;
}

class SmtpSender implements Sender {
  readonly #transport: Transport | null;
  readonly #domain: string;
  readonly #secrets: string[];
  readonly #passages = new WeakMap<AbortSignal, Passage>();
  readonly #inFlight = new Set<Promise<unknown>>();

  constructor(account: Account) {
    this.#domain = account.domain;
    this.#secrets = secretsOf(account.credentials);
    this.#transport = this.#transportTo(account);
  }

  send(mail: Mail, timeoutMs: number, since = performance.now()): Promise<Outcome> {
    const sending = this.#send(mail, timeoutMs, since).finally(() => this.#inFlight.delete(sending));
    this.#inFlight.add(sending);
    return sending;
  }

  /** Waits for what is under way first: cutting it off would leave those mails in doubt. */
  async close(): Promise<void> {
    await Promise.allSettled(this.#inFlight);
    this.#transport?.close({ force: true });
  }

  async #send(mail: Mail, timeoutMs: number, since: number): Promise<Outcome> {
    if (this.#transport === null) return WRONG_BASE_URL;
    const refusal = refusalOf(mail);
    if (refusal !== null) return refusal;
    return withoutSecrets(await this.#handOver(this.#transport, mail, timeoutMs, since), this.#secrets);
  }

  // One signal bounds the whole exchange: nodemailer's own timeouts are per step, and a server that trickles its replies passes them all.
  async #handOver(transport: Transport, mail: Mail, timeoutMs: number, since: number): Promise<Outcome> {
    const abort = new AbortController();
    const passage = new Passage(since + timeoutMs);
    this.#passages.set(abort.signal, passage);
    const timer = setTimeout(() => {
      passage.expire();
      abort.abort();
    }, timeoutMs);
    const messageId = messageIdOf(mail, this.#domain);
    try {
      const { response } = await transport.sendMail({ ...messageOf(mail, messageId), signal: abort.signal });
      return takenOf(response, messageId, passage);
    } catch (error) {
      return outcomeOf(error, passage);
    } finally {
      clearTimeout(timer);
    }
  }

  #transportTo(account: Account): Transport | null {
    const line = lineOptions(account.baseUrl ?? '');
    if (line === null) return null;
    const transport = createTransport({ pool: true, ...line, ...POOL, ...authOf(account.credentials) });
    return transport.use('stream', ({ data, message }, done) => {
      const passage = data.signal && this.#passages.get(data.signal);
      if (passage) message.processFunc((bytes) => passage.watch(bytes));
      done();
    });
  }
}

// How many mails go at once, and whether one goes again, is for the queue to say. A pool that made mails wait would use up their time.
const POOL = {
  maxConnections: Number.POSITIVE_INFINITY,
  maxRequeues: 0,
  idleTimeout: MAX_IDLE_MS,
  socketCloseTimeout: 0,
} satisfies SMTPPoolOptions;

const WRONG_BASE_URL: Outcome = {
  kind: 'unusable',
  code: 'base_url',
  message: 'the base URL is not smtp://host:port or smtps://host:port, with no more than ?tls=opportunistic after it',
  reason: 'configuration',
};

/** A server that says yes before it has the whole message has lost the thread. */
function takenOf(reply: string, messageId: string, passage: Passage): Outcome {
  const response = clip(reply.split(/\r?\n/).at(-1) ?? '', MAX_TEXT);
  if (passage.stage !== 'ended') return { kind: 'unknown', code: 'answer', message: response };
  return { kind: 'accepted', messageId, response };
}

function authOf({ user, password }: Account['credentials']): SMTPPoolOptions {
  return user?.trim() && password ? { auth: { user, pass: password } } : {};
}

function secretsOf({ user = '', password = '' }: Account['credentials']): string[] {
  const base64 = (text: string) => Buffer.from(text).toString('base64');
  return [password, base64(password), base64(`\0${user}\0${password}`)];
}
