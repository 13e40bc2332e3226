// What providers took since the copy was made, by their own records, and the waiting mails that this explains.
import { setTimeout as sleep } from 'node:timers/promises';
import type pg from 'pg';
import { type Recorded, settleRestored } from '../../database/restore/settle_restored.ts';
import { waitingRecipients } from '../../database/restore/waiting_recipients.ts';
import type { Secret } from '../../database/secret.ts';
import type { LookUp } from '../../providers/provider.ts';
import { SenderCache } from '../../worker/sender_cache.ts';

const minuteMs = 60_000;

export interface Asked {
  /** Waiting mails that were sent, as it turned out. */
  readonly settled: number;
  /** Services of which nobody can tell what they sent, each with the reason. */
  readonly silent: readonly { service: string; reason: string }[];
}

interface Line {
  readonly serviceId: string;
  readonly lookUp: LookUp;
  readonly timeoutMs: number;
}

export async function askProviders(db: pg.Pool, secret: Secret, since: Date): Promise<Asked> {
  await using opened = new AsyncDisposableStack();
  const senders = new SenderCache(secret);
  opened.defer(() => senders.close());
  const recipients = await waitingRecipients(db);
  const lines = new Map<string, Line>();
  const silent: { service: string; reason: string }[] = [];
  for (const { id, name } of await services(db)) {
    const line = await lineOf(db, senders, id).catch((error: Error) => error.message);
    if (typeof line === 'string') silent.push({ service: name, reason: line });
    else lines.set(line.lookUp.account, line);
  }
  const records: Recorded[] = [];
  for (const line of lines.values()) {
    try {
      records.push(...(await recordsOf(line, recipients, since)));
    } catch (error) {
      silent.push({ service: line.lookUp.account, reason: error instanceof Error ? error.message : String(error) });
    }
  }
  return { settled: await settleRestored(db, since, records), silent };
}

async function services(db: pg.Pool): Promise<{ id: string; name: string }[]> {
  return (await db.query<{ id: string; name: string }>('select id, name from app_public.email_services order by name'))
    .rows;
}

/** @returns why it can not be asked, in words */
async function lineOf(db: pg.Pool, senders: SenderCache, serviceId: string): Promise<Line | string> {
  const { sender, timeoutMs } = await senders.open(db, serviceId);
  return sender.lookUp === undefined
    ? 'its provider keeps no record that can be asked'
    : { serviceId, lookUp: sender.lookUp, timeoutMs };
}

async function recordsOf(
  { serviceId, lookUp, timeoutMs }: Line,
  recipients: ReadonlySet<string>,
  since: Date,
): Promise<Recorded[]> {
  const found = await lookUp.find({
    recipients,
    periods: [{ from: since, until: new Date() }],
    timeoutMs,
    beforeCall: () => sleep(minuteMs / lookUp.callsPerMinute),
  });
  return found.map((mail) => ({ ...mail, serviceId }));
}
