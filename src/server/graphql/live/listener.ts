// LISTEN for all subscriptions of this process, on one connection of its own. PostGraphile's subscriber ends every subscription when that
// connection breaks, and a subscription could begin before its LISTEN did. Here both are the same case: whoever may have missed something is
// told to look again, so a restart of the database is one more signal and nothing else.
import { setTimeout as delay } from 'node:timers/promises';
import pg from 'pg';
import type { Logger } from 'pino';
import { forSession, keepAlive } from '../../../database/pool.ts';
import { Mailbox } from './mailbox.ts';
import { Topic } from './topic.ts';

const firstPauseMs = 100;
const longestPauseMs = 5000;

export interface ListenerOptions {
  url: string;
  role: string;
  log: Logger;
}

export class Listener {
  readonly #options: ListenerOptions;
  readonly #topics = new Map<string, Topic>();
  readonly #closing = new AbortController();
  #client: Promise<pg.Client> | null = null;
  #lastWord: Promise<unknown> = Promise.resolve();
  #resuming = false;

  constructor(options: ListenerOptions) {
    this.#options = options;
  }

  /** The first signal comes at once, when listening has begun: what is read then, and all that follows, leaves no gap. */
  async subscribe(topic: string): Promise<Mailbox> {
    const mailbox = new Mailbox(() => this.#leave(topic, mailbox));
    this.#topicNamed(topic).mailboxes.add(mailbox);
    try {
      await this.#say('listen', topic);
    } catch (error) {
      mailbox.close();
      throw error;
    }
    mailbox.put();
    return mailbox;
  }

  /** Ends every subscription. */
  async close(): Promise<void> {
    this.#closing.abort();
    for (const topic of [...this.#topics.values()]) topic.end();
    const client = await this.#client?.catch(() => null);
    await client?.end().catch(() => {});
  }

  #topicNamed(name: string): Topic {
    const topic = this.#topics.get(name) ?? new Topic();
    this.#topics.set(name, topic);
    return topic;
  }

  #leave(topic: string, mailbox: Mailbox): void {
    const left = this.#topics.get(topic);
    left?.mailboxes.delete(mailbox);
    if (left === undefined || left.mailboxes.size > 0) return;
    this.#topics.delete(topic);
    left.end();
    if (this.#client === null || this.#closing.signal.aborted) return;
    const client = this.#client;
    this.#say('unlisten', topic, () => client).catch(() => {});
  }

  /** One thing after the other: a LISTEN holds although the UNLISTEN of those who left is still to be said. */
  #say(verb: 'listen' | 'unlisten', topic: string, to = () => this.#connected()): Promise<unknown> {
    const said = this.#lastWord.then(async () => (await to()).query(`${verb} ${pg.escapeIdentifier(topic)}`));
    this.#lastWord = said.catch(() => {});
    return said;
  }

  #connected(): Promise<pg.Client> {
    if (this.#client === null) {
      const client = this.#connect();
      client.catch(() => this.#forget(client));
      this.#client = client;
    }
    return this.#client;
  }

  #forget(client: Promise<pg.Client>): void {
    if (this.#client === client) this.#client = null;
  }

  async #connect(): Promise<pg.Client> {
    const { url, role, log } = this.#options;
    const connectionString = forSession(url, role);
    const client = new pg.Client({ connectionString, application_name: 'postilion listen', ...keepAlive });
    client.on('error', (error) => log.warn({ err: error }, 'the listening connection broke'));
    client.on('notification', ({ channel }) => this.#topics.get(channel)?.signal());
    await client.connect();
    client.once('end', () => this.#lost());
    return client;
  }

  #lost(): void {
    this.#client = null;
    if (!this.#resuming) this.#resume();
  }

  async #resume(): Promise<void> {
    this.#resuming = true;
    let pauseMs = firstPauseMs;
    while (this.#topics.size > 0 && !this.#closing.signal.aborted && !(await this.#listenAgain())) {
      await delay(pauseMs, null, { signal: this.#closing.signal }).catch(() => {});
      pauseMs = Math.min(pauseMs * 2, longestPauseMs);
    }
    this.#resuming = false;
  }

  async #listenAgain(): Promise<boolean> {
    try {
      // All to one connection: should it break, too, everything is said again to the next.
      const client = this.#connected();
      for (const topic of this.#topics.keys()) await this.#say('listen', topic, () => client);
    } catch {
      return false;
    }
    for (const topic of this.#topics.values()) topic.signal();
    return true;
  }
}
