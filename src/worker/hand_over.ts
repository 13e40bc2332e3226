// One claim on its way: wait for the thaw, commit the hand-over, give the mails to the provider, record what it said.
import { type Begun, type BegunMail, beginSends } from '../database/queue/begin_sends.ts';
import type { Claim } from '../database/queue/claim_sub_tasks.ts';
import { completeSends, type SendResult } from '../database/queue/complete_sends.ts';
import { returnClaims } from '../database/queue/return_claims.ts';
import { msUntilThaw } from '../database/services/ms_until_thaw.ts';
import type { Attachment, Mail, Outcome } from '../providers/provider.ts';
import type { WorkerContext } from './context.ts';
import { toMail } from './mail.ts';
import { waitUntil } from './pace.ts';
import { persist } from './persist.ts';
import type { OpenAccount } from './sender_cache.ts';

/** What must remain of the lease, beside the provider's timeout, when a mail is written to the wire. */
const leaseMarginMs = 10_000;

type Claimed = Extract<Claim, { outcome: 'claimed' }>;

/** So that the commit of begin is over at the thaw, on a busy disk too; the database allows 200 ms. */
const beginEarlyMs = 190;
/** A shorter wait is not worth asking again for. */
const exactWaitMs = 5;

/** Hands the claimed SubTasks over once the service has thawed, unless the process is asked to end before: then they are left to the loop's end. */
export async function handOver(
  context: WorkerContext,
  serviceId: string,
  claim: Claimed,
  account: OpenAccount,
): Promise<void> {
  // Before anything is begun: without its files no mail may leave.
  const files = await context.files.of(context.db, claim.taskId);
  const thawsAt = await thawOf(context, serviceId, claim);
  if (!(await waitUntil(thawsAt - beginEarlyMs, context.stopping))) return;
  // The guard counts from before begin was sent: a process that was stopped since then must not write to the provider.
  const begunAt = performance.now();
  const begun = await beginOrUndo(context, serviceId, claim);
  if (begun.mails.length > 0) {
    await waitUntil(thawsAt);
    const mayWrite = () => account.leaseMs - (performance.now() - begunAt) >= account.timeoutMs + leaseMarginMs;
    const results = await Promise.all(begun.mails.map((mail) => sendOne(context, mail, files, account, mayWrite)));
    await record(context, serviceId, claim.claimToken, results);
  }
  await giveBackRefused(context, serviceId, claim, begun);
}

// performance.now() ms. Both answers are upper bounds of the thaw: each is as late as its way back was long, the claim's commit included.
async function thawOf(context: WorkerContext, serviceId: string, claim: Claimed): Promise<number> {
  const byClaim = claim.answeredAt + claim.waitMs;
  if (byClaim - performance.now() < exactWaitMs) return byClaim;
  const waitMs = await msUntilThaw(context.db, serviceId);
  return Math.min(byClaim, performance.now() + waitMs);
}

// No answer to begin: it may have committed or not. Nothing was written to the provider, and that is an answer.
async function beginOrUndo(context: WorkerContext, serviceId: string, claim: Claimed): Promise<Begun> {
  try {
    return await beginSends(context.db, claim.claimToken, claim.subTaskIds);
  } catch (error) {
    await record(context, serviceId, claim.claimToken, claim.subTaskIds.map(notSent));
    throw error;
  }
}

async function giveBackRefused(context: WorkerContext, serviceId: string, claim: Claimed, begun: Begun): Promise<void> {
  const ids = begun.refused.filter(({ refusal }) => refusal !== 'LEASE').map(({ id }) => id);
  if (ids.length > 0) await returnClaims(context.db, serviceId, claim.claimToken, ids);
  if (begun.refused.length > 0) context.log.debug({ serviceId, refused: begun.refused }, 'hand-overs refused');
}

async function sendOne(
  context: WorkerContext,
  begun: BegunMail,
  files: readonly Attachment[],
  account: OpenAccount,
  mayWrite: () => boolean,
): Promise<SendResult> {
  const mail = toMail(begun, files, account.trackingBaseUrl ?? context.trackingOrigin, context);
  if (!mayWrite()) return notSent(begun.id);
  const startedAt = performance.now();
  const outcome = await answerOf(account, mail);
  return toResult(begun.id, outcome, performance.now() - startedAt);
}

// A provider answers, it doesn't throw; should it, nobody knows how far it had come, and the others of the batch must not suffer for it.
async function answerOf({ sender, timeoutMs }: OpenAccount, mail: Mail): Promise<Outcome> {
  try {
    return await sender.send(mail, timeoutMs);
  } catch (error) {
    return { kind: 'unknown', code: 'driver', message: error instanceof Error ? error.message : String(error) };
  }
}

function toResult(id: string, outcome: Outcome, roundTripMs: number): SendResult {
  return {
    id,
    kind: outcome.kind,
    messageId: outcome.kind === 'accepted' ? outcome.messageId : null,
    code: outcome.kind === 'accepted' ? null : outcome.code,
    message: outcome.kind === 'accepted' ? null : outcome.message,
    response: outcome.kind === 'accepted' ? outcome.response : null,
    roundTripMs: outcome.kind === 'accepted' ? roundTripMs : null,
    retryAfterMs: outcome.kind === 'deferred' ? outcome.retryAfterMs : null,
  };
}

function notSent(id: string): SendResult {
  return {
    id,
    kind: 'not_sent',
    messageId: null,
    code: 'not_sent',
    message: 'the worker did not write to the provider',
    response: null,
    roundTripMs: null,
    retryAfterMs: null,
  };
}

// The answer is known here and nowhere else: it is worth repeating until the database takes it. Should that fail, the lease runs out and the
// row becomes uncertain, which is the truth.
async function record(
  context: WorkerContext,
  serviceId: string,
  claimToken: string,
  results: SendResult[],
): Promise<void> {
  const refused = await persist(context, 'results could not be recorded; trying again', () =>
    completeSends(context.db, serviceId, claimToken, results),
  );
  if (refused.length > 0) context.log.warn({ serviceId, refused }, 'results came too late: the lease was lost');
}
