// Begun mails to their provider, each with its lease.
import { setImmediate as turn } from 'node:timers/promises';
import { beginRepeat } from '../database/queue/begin_repeat.ts';
import type { BegunMail } from '../database/queue/begin_sends.ts';
import type { SendResult } from '../database/queue/complete_sends.ts';
import { extendLeases } from '../database/queue/extend_leases.ts';
import type { Attachment } from '../providers/provider.ts';
import { toMail } from '../tasks/mail.ts';
import type { WorkerContext } from './context.ts';
import { Lease } from './lease.ts';
import { reportUnusable, type Unusable } from './report_unusable.ts';
import { sendMail } from './send_mail.ts';
import type { OpenAccount } from './sender_cache.ts';

/** Mails that are written in one turn of the event loop. */
const writesAtOnce = 10;

export interface Shipment {
  readonly context: WorkerContext;
  readonly serviceId: string;
  readonly claimToken: string;
  readonly account: OpenAccount;
  /** performance.now() ms, before the statement that began the mails was sent: a process that was stopped since then must not write to the provider. */
  readonly since: number;
  readonly files: readonly Attachment[];
  /** Resolves when the result is in safe hands. */
  readonly record: (result: SendResult) => Promise<void> | void;
}

/**
 * Resolves when each has its result recorded. The array is emptied: a mail must not be kept until the last of its claim is answered.
 * Some are written in each turn of the event loop, so that a paced service of this process is not late for a large claim of its neighbour.
 */
export async function sendAll(shipment: Shipment, mails: BegunMail[]): Promise<void> {
  using lease = leaseOf(shipment, mails);
  const { account, context, files } = shipment;
  const { bounceAddress, trackingBaseUrl } = account;
  const terms = { bounceAddress, trackingOrigin: trackingBaseUrl ?? context.trackingOrigin };
  const meter = context.meters?.sends?.of(shipment.serviceId, account.name);
  const passage = {
    account,
    lease,
    meter,
    beginRepeat: (id: string) => permission(shipment, lease, id),
    onUnusable: (outcome: Unusable) => {
      meter?.unusable(outcome.reason);
      reportUnusable(context, shipment.serviceId, outcome);
    },
    stopping: context.stopping,
  };
  let reached: Promise<void> = Promise.resolve();
  await allEnded(
    mails.splice(0).map(async (mail, number) => {
      if (number > 0 && number % writesAtOnce === 0) reached = reached.then(() => turn());
      await reached;
      const result = await sendMail(toMail(mail, files, terms, context), passage);
      meter?.cameTo(result.kind);
      await shipment.record(result);
    }),
  );
}

function leaseOf({ context, serviceId, claimToken, account, since }: Shipment, mails: readonly BegunMail[]): Lease {
  return new Lease({
    ids: mails.map(({ id }) => id),
    since,
    leaseMs: account.leaseMs,
    timeoutMs: account.timeoutMs,
    extend: (ids) => extendLeases(context.db, serviceId, claimToken, ids),
    log: context.log,
  });
}

// Without the database's word there is no repeat: the outcome stays unknown.
async function permission(
  { context, serviceId, claimToken }: Shipment,
  lease: Lease,
  id: string,
): Promise<'now' | 'later' | 'never'> {
  const askedAt = performance.now();
  try {
    const refusal = await beginRepeat(context.db, serviceId, claimToken, id);
    if (refusal !== null) return refusal === 'FROZN' ? 'later' : 'never';
    lease.renewed(id, askedAt);
    return 'now';
  } catch (error) {
    context.log.warn({ serviceId, err: error }, 'a repeat could not be begun');
    return 'later';
  }
}

/** Unlike Promise.all it lets every one of them end before it throws the first error. */
export async function allEnded(promises: readonly Promise<void>[]): Promise<void> {
  const ends = await Promise.allSettled(promises);
  for (const end of ends) if (end.status === 'rejected') throw end.reason;
}
