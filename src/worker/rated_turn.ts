// A rated service's turn: one statement that records what its mails came to and begins the next ones, while up to max_in_flight are on their
// way. An answer waits for nothing but the statement before; under load many come meanwhile, so the turns grow. The service is locked during a
// turn, so more than one statement at a time would only wait for each other.
import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Unclaimed } from '../database/queue/claim_sub_tasks.ts';
import type { ClaimResult } from '../database/queue/complete_claims.ts';
import type { SendResult } from '../database/queue/complete_sends.ts';
import { completeTasks } from '../database/queue/complete_tasks.ts';
import { type BegunMails, type Exchange, exchangeMails } from '../database/queue/exchange_mails.ts';
import { askAgainMs, busyMs, isLocked, isSoon, type Loop, noteFirstMail, pause } from './loop.ts';
import { noteRefused, recordResults } from './record_results.ts';
import { sendAll } from './send_all.ts';
import { notSent } from './send_result.ts';
import type { OpenAccount } from './sender_cache.ts';

/** Of 8 rated services whose provider answers in 50 ms: 8,000 to 9,000 mails/s, with 50 it was 4,600 to 6,000. */
const batchSize = 200;
/** Mails are begun when this part of max_in_flight is free: with each single answer it would be a claim of one mail. */
const claimAtFree = 1 / 4;

/** One exchange, or a wait. @returns false when the loop shall end; what is on its way is left to `settleTraffic`. */
export async function ratedTurn(loop: Loop, account: OpenAccount): Promise<boolean> {
  const { traffic } = loop;
  const room = account.maxInFlight - traffic.mails + traffic.answered;
  if (room >= Math.min(account.maxInFlight * claimAtFree, batchSize))
    return exchange(loop, account, Math.min(room, batchSize));
  await settleSome(loop);
  return true;
}

/** Follows all that was begun to its end, whatever becomes of some: an error is left to `throwFailure`. */
export async function settleTraffic(loop: Loop): Promise<void> {
  const { traffic } = loop;
  while (traffic.mails > 0) await settleSome(loop).catch((error: unknown) => traffic.fail(error));
}

async function settleSome(loop: Loop): Promise<void> {
  await loop.traffic.change();
  await settleAnswered(loop);
}

/** Records the answers that are there. */
async function settleAnswered({ context, serviceId, traffic }: Loop): Promise<void> {
  const results = traffic.take();
  if (results.length === 0) return;
  await recordResults(context, serviceId, results).finally(() => traffic.settled(results.length));
}

async function exchange(loop: Loop, account: OpenAccount, limit: number): Promise<boolean> {
  const { context, serviceId, traffic } = loop;
  const claimToken = randomUUID();
  const since = performance.now();
  const results = traffic.take();
  const { refused, handout } = await exchangeOrRecord(loop, { claimToken, limit }, results).finally(() =>
    traffic.settled(results.length),
  );
  noteRefused(context, serviceId, refused);
  if (handout.outcome !== 'claimed') return mayGoOn(loop, handout);
  traffic.begin(handout.mails.length);
  void send(loop, account, { handout, claimToken, since }).catch((error: unknown) => traffic.fail(error));
  return true;
}

/** Whatever becomes of the claim, the results are recorded. */
async function exchangeOrRecord(
  loop: Loop,
  { claimToken, limit }: { claimToken: string; limit: number },
  results: ClaimResult[],
): Promise<Exchange> {
  const { context, serviceId, token, hint } = loop;
  const since = performance.now();
  const wanted = { serviceId, loopToken: token, claimToken, limit, hint: hint.take(limit) };
  try {
    const answer = await exchangeMails(context.db, wanted, results);
    if (answer.handout.outcome === 'claimed') context.meters?.sends?.claimed('rated', since);
    hint.note(answer.handout);
    return answer;
  } catch (error) {
    if (!isLocked(error)) loop.unanswered = claimToken;
    if (results.length > 0) await recordResults(context, serviceId, results);
    if (isLocked(error)) return { refused: [], handout: { outcome: 'busy' } };
    throw error;
  }
}

interface Begun {
  readonly handout: BegunMails;
  readonly claimToken: string;
  readonly since: number;
}

async function send(loop: Loop, account: OpenAccount, { handout, claimToken, since }: Begun): Promise<void> {
  const { context, serviceId, traffic } = loop;
  const open = new Set(handout.mails.map(({ id }) => id));
  const record = (result: SendResult) => {
    open.delete(result.id);
    traffic.answer({ ...result, claimToken });
  };
  try {
    await noteFirstMail(context, handout.taskId);
    // Without its files no mail may leave.
    const files = await context.files.of(context.db, handout.taskId);
    await sendAll({ context, serviceId, claimToken, account, since, files, record }, handout.mails);
  } finally {
    for (const id of open) record(notSent(id));
  }
}

/**
 * Waits for what may change the answer. With mails on their way their answers are recorded meanwhile, each as it comes: to ask for more with each of
 * them would be in vain. @returns false when the loop shall end.
 */
async function mayGoOn(loop: Loop, { outcome, ...rest }: Unclaimed): Promise<boolean> {
  const { context, traffic } = loop;
  const waitMs = 'waitMs' in rest ? rest.waitMs : null;
  switch (outcome) {
    case 'more':
      return true;
    case 'busy':
      return pause(context, busyMs);
    case 'frozen':
    case 'wait':
      return isSoon(waitMs) && settleFor(loop, waitMs);
    case 'no_work':
      if (traffic.mails > 0) return settleFor(loop, askAgainMs);
      await completeTasks(context.db);
      return isSoon(waitMs) && pause(context, Math.min(waitMs, askAgainMs));
    case 'full':
    case 'exhausted':
      if (traffic.mails > 0) return settleFor(loop, askAgainMs);
      return isSoon(waitMs) && pause(context, Math.min(waitMs, askAgainMs));
    case 'disabled':
    case 'lost':
      return false;
  }
}

/** Waits so long, or until nothing is on its way or the process is asked to end, and records what is answered meanwhile. */
async function settleFor(loop: Loop, ms: number): Promise<true> {
  const { context, traffic } = loop;
  const over = new AbortController();
  const waited = sleep(ms, undefined, { signal: AbortSignal.any([context.stopping, over.signal]) })
    .catch(() => {})
    .finally(() => over.abort());
  while (!over.signal.aborted && traffic.mails > 0) {
    await Promise.race([traffic.change(), waited]);
    await settleAnswered(loop);
  }
  await waited;
  return true;
}
