import { z } from 'zod';
import type { Queryable } from '../database/pool.ts';
import { unseal } from '../database/sealed.ts';
import { knownKeys, type Secret } from '../database/secret.ts';
import { type SealedAccount, serviceAccount } from '../database/services/service_account.ts';
import type { Sender } from '../providers/provider.ts';
import { providerNamed } from '../providers/registry.ts';

const credentialsSchema = z.record(z.string(), z.string());

export interface OpenAccount extends Omit<SealedAccount, 'sealed'> {
  readonly sender: Sender;
}

/** Keeps one open sender per service, so that connections live on between runs; a changed account gets a new one. */
export class SenderCache {
  readonly #secret: Secret;
  readonly #open = new Map<string, { account: SealedAccount; sender: Sender }>();

  constructor(secret: Secret) {
    this.#secret = secret;
  }

  /** @throws Error when the service is gone, its provider unknown, or its credentials were sealed with another secret. */
  async open(db: Queryable, serviceId: string): Promise<OpenAccount> {
    const account = await serviceAccount(db, serviceId);
    if (account === null) throw new Error(`there is no service ${serviceId}, or it has no credentials`);
    const { sealed: _, ...terms } = account;
    return { ...terms, sender: await this.#senderFor(serviceId, account) };
  }

  async close(): Promise<void> {
    const senders = [...this.#open.values()].map(({ sender }) => sender);
    this.#open.clear();
    await Promise.allSettled(senders.map((sender) => sender.close()));
  }

  async #senderFor(serviceId: string, account: SealedAccount): Promise<Sender> {
    const known = this.#open.get(serviceId);
    if (known !== undefined && isSame(known.account, account)) return known.sender;
    await known?.sender.close();
    const sender = providerNamed(account.provider).open({
      serviceId,
      domain: account.domain,
      baseUrl: account.baseUrl,
      credentials: credentialsSchema.parse(unseal(knownKeys(this.#secret, 'encryption'), serviceId, account.sealed)),
    });
    this.#open.set(serviceId, { account, sender });
    return sender;
  }
}

function isSame(a: SealedAccount, b: SealedAccount): boolean {
  return (
    a.provider === b.provider &&
    a.domain === b.domain &&
    a.baseUrl === b.baseUrl &&
    Buffer.compare(a.sealed, b.sealed) === 0
  );
}
