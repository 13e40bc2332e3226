// One claim on its way: wait for the thaw, commit the hand-over, give the mails to the provider, record what it said.
import { setImmediate as turn } from 'node:timers/promises';
import { beginRepeat } from '../database/queue/begin_repeat.ts';
import { type Begun, type BegunMail, beginSends } from '../database/queue/begin_sends.ts';
import type { Claim } from '../database/queue/claim_sub_tasks.ts';
import type { SendResult } from '../database/queue/complete_sends.ts';
import { extendLeases } from '../database/queue/extend_leases.ts';
import { returnClaims } from '../database/queue/return_claims.ts';
import { msUntilThaw } from '../database/services/ms_until_thaw.ts';
import type { Attachment } from '../providers/provider.ts';
import type { WorkerContext } from './context.ts';
import { Lease } from './lease.ts';
import { toMail } from './mail.ts';
import { waitUntil } from './pace.ts';
import { sendMail } from './send_mail.ts';
import { notSent } from './send_result.ts';
import type { OpenAccount } from './sender_cache.ts';

export type Claimed = Extract<Claim, { outcome: 'claimed' }>;

/** So that the commit of begin is over at the thaw, on a busy disk too; the database allows 200 ms. */
const beginEarlyMs = 190;
/** Mails of a claim that are written in one turn of the event loop. */
const writesAtOnce = 10;
/** A shorter wait is not worth asking again for. */
const exactWaitMs = 5;

export interface HandOver {
  readonly context: WorkerContext;
  readonly serviceId: string;
  readonly claim: Claimed;
  readonly account: OpenAccount;
  /** Resolves when the database has the result. */
  readonly record: (result: SendResult) => Promise<void>;
}

/** Hands the claimed SubTasks over once the service has thawed, unless the process is asked to end before: then they are left to the loop's end. */
export async function handOver(hand: HandOver): Promise<void> {
  const { context, claim } = hand;
  // Before anything is begun: without its files no mail may leave.
  const files = await context.files.of(context.db, claim.taskId);
  const thawsAt = await thawOf(hand);
  if (!(await waitUntil(thawsAt - beginEarlyMs, context.stopping))) return;
  // The lease counts from before begin was sent: a process that was stopped since then must not write to the provider.
  const since = performance.now();
  const begun = await beginOrUndo(hand);
  await waitUntil(thawsAt);
  await allEnded([sendAll(hand, begun.mails, files, since), giveBackRefused(hand, begun)]);
}

// performance.now() ms. Both answers are upper bounds of the thaw: each is as late as its way back was long, the claim's commit included.
async function thawOf({ context, serviceId, claim }: HandOver): Promise<number> {
  const byClaim = claim.answeredAt + claim.waitMs;
  if (byClaim - performance.now() < exactWaitMs) return byClaim;
  const waitMs = await msUntilThaw(context.db, serviceId);
  return Math.min(byClaim, performance.now() + waitMs);
}

// No answer to begin: it may have committed or not. Nothing was written to the provider, and that is an answer.
async function beginOrUndo(hand: HandOver): Promise<Begun> {
  const { context, claim } = hand;
  try {
    return await beginSends(context.db, claim.claimToken, claim.subTaskIds);
  } catch (error) {
    await allEnded(claim.subTaskIds.map((id) => hand.record(notSent(id))));
    throw error;
  }
}

async function giveBackRefused({ context, serviceId, claim }: HandOver, { refused }: Begun): Promise<void> {
  const ids = refused.filter(({ refusal }) => refusal !== 'LEASE').map(({ id }) => id);
  if (ids.length > 0) await returnClaims(context.db, serviceId, claim.claimToken, ids);
  if (refused.length > 0) context.log.debug({ serviceId, refused }, 'hand-overs refused');
}

// The array is emptied: a mail must not be kept until the last of its claim is answered.
// Some are written in each turn of the event loop, so that a paced service of this process is not late for a large claim of its neighbour.
async function sendAll(hand: HandOver, mails: BegunMail[], files: readonly Attachment[], since: number): Promise<void> {
  using lease = leaseOf(hand, mails, since);
  const { account, context } = hand;
  const { bounceAddress, trackingBaseUrl } = account;
  const terms = { bounceAddress, trackingOrigin: trackingBaseUrl ?? context.trackingOrigin };
  const passage = {
    account,
    lease,
    beginRepeat: (id: string) => permission(hand, lease, id),
    stopping: context.stopping,
  };
  let reached: Promise<void> = Promise.resolve();
  await allEnded(
    mails.splice(0).map(async (mail, number) => {
      if (number > 0 && number % writesAtOnce === 0) reached = reached.then(() => turn());
      await reached;
      await hand.record(await sendMail(toMail(mail, files, terms, context), passage));
    }),
  );
}

function leaseOf({ context, serviceId, claim, account }: HandOver, mails: readonly BegunMail[], since: number): Lease {
  return new Lease({
    ids: mails.map(({ id }) => id),
    since,
    leaseMs: account.leaseMs,
    timeoutMs: account.timeoutMs,
    extend: (ids) => extendLeases(context.db, serviceId, claim.claimToken, ids),
    log: context.log,
  });
}

// Without the database's word there is no repeat: the outcome stays unknown.
async function permission(
  { context, serviceId, claim }: HandOver,
  lease: Lease,
  id: string,
): Promise<'now' | 'later' | 'never'> {
  const askedAt = performance.now();
  try {
    const refusal = await beginRepeat(context.db, serviceId, claim.claimToken, id);
    if (refusal !== null) return refusal === 'FROZN' ? 'later' : 'never';
    lease.renewed(id, askedAt);
    return 'now';
  } catch (error) {
    context.log.warn({ serviceId, err: error }, 'a repeat could not be begun');
    return 'later';
  }
}

/** Unlike Promise.all it lets every one of them end before it throws the first error. */
async function allEnded(promises: readonly Promise<void>[]): Promise<void> {
  const ends = await Promise.allSettled(promises);
  for (const end of ends) if (end.status === 'rejected') throw end.reason;
}
