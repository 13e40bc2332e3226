// A mailbox, over IMAP.
import { ImapFlow } from 'imapflow';
import { codeOf } from '../database/error_code.ts';
import type { MailboxAddress } from './mailbox_address.ts';
import { MailboxUnusable } from './mailbox_unusable.ts';
import { MAX_MESSAGE_BYTES } from './messages_in.ts';

/** What is done with a message once it is recorded. */
export type Afterwards = { readonly verb: 'flag' | 'delete' } | { readonly verb: 'move'; readonly folder: string };

export interface ReadOptions {
  readonly afterwards: Afterwards;
  /** Resolves once the messages are safe: only then are they touched. */
  readonly take: (messages: readonly Buffer[]) => Promise<void>;
  /** Told how many of how many are done. */
  readonly onProgress: (done: number, total: number) => void;
  /** Nothing new is begun once it is aborted. */
  readonly stopping: AbortSignal;
}

/** How many messages are in memory at once, each of MAX_MESSAGE_BYTES at most. */
const BATCH = 20;

export class Mailbox implements AsyncDisposable {
  readonly #client: ImapFlow;
  readonly #address: MailboxAddress;
  /** Since the last look: resolved when something arrived, rejected when the connection was lost. */
  #news = Promise.withResolvers<void>();
  #lostBy: Error | null = null;

  /** @throws MailboxUnusable */
  static async open(address: MailboxAddress): Promise<Mailbox> {
    const mailbox = new Mailbox(address);
    try {
      await mailbox.#guarded(async () => {
        await mailbox.#client.connect();
        await mailbox.#client.mailboxOpen(address.folder);
      });
    } catch (error) {
      mailbox.#client.close();
      throw error;
    }
    return mailbox;
  }

  private constructor(address: MailboxAddress) {
    this.#address = address;
    this.#client = new ImapFlow({
      host: address.host,
      port: address.port,
      secure: address.secure,
      ...(!address.secure && !address.opportunistic && { doSTARTTLS: true }),
      tls: { rejectUnauthorized: !address.opportunistic },
      auth: { user: address.user, pass: address.password },
      // Its own log would hold what is said on the line.
      logger: false,
    });
    this.#client.on('error', (error) => this.#lose(error));
    this.#client.on('close', () => this.#lose(new Error('the connection was closed')));
    this.#client.on('exists', () => this.#news.resolve());
    this.#awaitNews();
  }

  /**
   * Hands over what is there and was not before, batch by batch. What `take` has, but could not be marked any more, comes again another time.
   * @throws MailboxUnusable, and whatever `take` throws
   */
  async read({ afterwards, take, onProgress, stopping }: ReadOptions): Promise<void> {
    this.#awaitNews();
    const uids = await this.#guarded(() => this.#waiting(afterwards));
    for (let done = 0; done < uids.length && !stopping.aborted; ) {
      const batch = uids.slice(done, done + BATCH);
      const messages = await this.#guarded(() => this.#fetch(batch));
      if (messages.length > 0) {
        await take(messages.map(({ source }) => source));
        const taken = messages.map(({ uid }) => uid);
        await this.#guarded(() => this.#putAway(taken, afterwards));
      }
      done += batch.length;
      onProgress(done, uids.length);
    }
  }

  /**
   * Resolves when there may be more to read than `read` saw, or at the abort.
   * @throws MailboxUnusable when the connection is lost
   */
  async news(stopping: AbortSignal): Promise<void> {
    if (stopping.aborted) return;
    const { promise, resolve } = this.#news;
    const stop = () => resolve();
    stopping.addEventListener('abort', stop);
    // Ends when the next command is given; whether it failed, the line's end says.
    this.#client.idle().catch(() => {});
    await this.#guarded(() => promise).finally(() => stopping.removeEventListener('abort', stop));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#client.logout().catch(() => {});
    this.#client.close();
  }

  #awaitNews(): void {
    this.#news = Promise.withResolvers();
    // Told to whoever waits; nobody may.
    this.#news.promise.catch(() => {});
    if (this.#lostBy !== null) this.#news.reject(this.#lostBy);
  }

  #lose(error: Error): void {
    this.#lostBy ??= error;
    this.#news.reject(this.#lostBy);
  }

  async #waiting({ verb }: Afterwards): Promise<number[]> {
    // What is flagged is done with; where the done are deleted or moved, a flag may be a person's who looked in.
    const query = verb === 'flag' ? { seen: false, deleted: false } : { deleted: false };
    return (await this.#client.search(query, { uid: true })) || [];
  }

  async #fetch(uids: number[]): Promise<{ uid: number; source: Buffer }[]> {
    const found = await this.#client.fetchAll(
      uids,
      { uid: true, source: { start: 0, maxLength: MAX_MESSAGE_BYTES } },
      { uid: true },
    );
    return found.flatMap(({ uid, source }) => (source === undefined ? [] : [{ uid, source }]));
  }

  async #putAway(uids: number[], afterwards: Afterwards): Promise<void> {
    if (!(await this.#changed(uids, afterwards))) {
      throw new MailboxUnusable(`${this.#address.place}: what was read could not be put away (${afterwards.verb})`);
    }
  }

  async #changed(uids: number[], afterwards: Afterwards): Promise<unknown> {
    switch (afterwards.verb) {
      case 'flag':
        return this.#client.messageFlagsAdd(uids, ['\\Seen'], { uid: true });
      case 'delete':
        return this.#client.messageDelete(uids, { uid: true });
      case 'move':
        // Answers whether it was made; that it is there already is no error.
        await this.#client.mailboxCreate(afterwards.folder);
        return this.#client.messageMove(uids, afterwards.folder, { uid: true });
    }
  }

  async #guarded<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      if (error instanceof MailboxUnusable) throw error;
      throw new MailboxUnusable(`${this.#address.place}: ${this.#explained(error)}`, { cause: error });
    }
  }

  #explained(error: unknown): string {
    if (!(error instanceof Error)) return 'the connection failed';
    if ('authenticationFailed' in error) return `the login of "${this.#address.user}" was refused`;
    return 'responseText' in error && typeof error.responseText === 'string' ? error.responseText : codeOf(error);
  }
}
