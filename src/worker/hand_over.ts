// A paced service's one mail on its way: wait for the thaw, commit the hand-over, give the mail to the provider, record what it said.
import { type Begun, beginSends } from '../database/queue/begin_sends.ts';
import type { Claim } from '../database/queue/claim_sub_tasks.ts';
import type { SendResult } from '../database/queue/complete_sends.ts';
import { returnClaims } from '../database/queue/return_claims.ts';
import { msUntilThaw } from '../database/services/ms_until_thaw.ts';
import type { WorkerContext } from './context.ts';
import { waitUntil } from './pace.ts';
import { allEnded, sendAll } from './send_all.ts';
import { notSent } from './send_result.ts';
import type { OpenAccount } from './sender_cache.ts';

type Claimed = Extract<Claim, { outcome: 'claimed' }>;

/** So that the commit of begin is over at the thaw, on a busy disk too; the database allows 200 ms. */
const beginEarlyMs = 190;
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

/** Hands what is claimed over once the service has thawed, unless the process is asked to end before: then it is left to the loop's end. */
export async function handOver(hand: HandOver): Promise<void> {
  const { context, claim } = hand;
  // Before anything is begun: without its files no mail may leave.
  const files = await context.files.of(context.db, claim.taskId);
  const thawsAt = await thawOf(hand);
  if (!(await waitUntil(thawsAt - beginEarlyMs, context.stopping))) return;
  const since = performance.now();
  const begun = await beginOrUndo(hand);
  await waitUntil(thawsAt);
  context.meters?.sends?.of(hand.serviceId, hand.account.name).atTheWire(thawsAt);
  const shipment = { ...hand, claimToken: claim.claimToken, since, files };
  await allEnded([sendAll(shipment, begun.mails), giveBackRefused(hand, begun)]);
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
