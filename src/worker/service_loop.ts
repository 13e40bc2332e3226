// The loop of one service: claim, hand over, again, until there is nothing to do soon. At most one such loop lives per service, whoever and
// wherever it is: the database says so by a token. A paced service's loop waits for the end of each claim, a rated one's goes on claiming
// while mails are on their way. It ends, when all of them have ended, by computing its next run; it never throws, since graphile-worker's
// back-off would be eⁿ seconds.
import { setTimeout as sleep } from 'node:timers/promises';
import { codeOf } from '../database/error_code.ts';
import { type Claim, claimSubTasks } from '../database/queue/claim_sub_tasks.ts';
import type { ClaimResult } from '../database/queue/complete_claims.ts';
import type { SendResult } from '../database/queue/complete_sends.ts';
import { completeTasks } from '../database/queue/complete_tasks.ts';
import { endLoop } from '../database/queue/end_loop.ts';
import { markSending } from '../database/queue/mark_sending.ts';
import { takeLoop } from '../database/queue/take_loop.ts';
import { ClaimHint } from './claim_hint.ts';
import type { WorkerContext } from './context.ts';
import type { Groups } from './groups.ts';
import { type Claimed, handOver } from './hand_over.ts';
import { persist } from './persist.ts';
import { resultsOf } from './results.ts';
import type { OpenAccount } from './sender_cache.ts';
import { UnderWay } from './under_way.ts';

/** A wait up to this long is waited out in the loop; a longer one is a job of its own. Above the head start that wake_service gives (1.2 s). */
const windowMs = 2_000;
/** A paced service's claim may be taken this long before the thaw (the database allows 250 ms). */
const headStartMs = 240;
/** While new work may turn up during a wait, ask this often. */
const askAgainMs = 250;
/** Of 8 rated services whose provider answers in 50 ms: 8,000 to 9,000 mails/s, with 50 it was 4,600 to 6,000. */
const batchSize = 200;
/** A claim is made when this part of max_in_flight is free: with each single answer it would be a claim of one mail. */
const claimAtFree = 1 / 4;
/** A changed account (timeout, address, credentials) is noticed within this time. */
const accountGoodForMs = 10_000;

interface Loop {
  readonly context: WorkerContext;
  readonly serviceId: string;
  readonly token: string;
  readonly underWay: UnderWay;
  readonly results: Groups<ClaimResult>;
  readonly hint: ClaimHint;
}

/** Runs a service as long as it has something to do soon. Returns at once when another live loop has it. */
export async function runServiceLoop(context: WorkerContext, serviceId: string): Promise<void> {
  const token = await takeLoop(context.db, serviceId, context.poolId());
  if (token === null) return;
  const results = resultsOf(context, serviceId);
  const failed = !(await succeeds({
    context,
    serviceId,
    token,
    underWay: new UnderWay(),
    results,
    hint: new ClaimHint(),
  }));
  await persist(context, 'a service loop could not be ended; trying again', () =>
    endLoop(context.db, serviceId, token, failed),
  );
}

/** Follows the loop to its end and that of everything begun in it. */
async function succeeds(loop: Loop): Promise<boolean> {
  const { context, serviceId, underWay } = loop;
  try {
    await follow(loop).finally(() => underWay.ended());
    underWay.throwFailure();
    return true;
  } catch (error) {
    context.log.error({ serviceId, err: error }, 'a service loop failed; it begins again after a back-off');
    return false;
  }
}

async function follow(loop: Loop): Promise<void> {
  const { context, serviceId, underWay } = loop;
  let account = await context.senders.open(context.db, serviceId);
  let openedAt = performance.now();
  while (!context.stopping.aborted) {
    underWay.throwFailure();
    if (performance.now() - openedAt > accountGoodForMs) {
      account = await context.senders.open(context.db, serviceId);
      openedAt = performance.now();
    }
    if (!(await turn(loop, account))) return;
  }
}

/** One claim, or a wait. @returns false when the loop shall end. */
async function turn(loop: Loop, account: OpenAccount): Promise<boolean> {
  const { underWay } = loop;
  const { changes } = underWay;
  const room = account.maxInFlight - underWay.mails;
  const isWorthIt = room >= Math.min(account.maxInFlight * claimAtFree, batchSize);
  const claim: Claim = isWorthIt
    ? await claimOrBusy(loop, Math.min(room, batchSize))
    : { outcome: 'full', waitMs: null };
  if (claim.outcome === 'claimed') {
    await send(loop, claim, account);
    return true;
  }
  return underWay.mails > 0 ? mayGoOnBeside(loop, claim, changes) : mayGoOn(loop.context, claim, isPaced(account));
}

async function claimOrBusy({ context, serviceId, token, hint }: Loop, limit: number): Promise<Claim> {
  try {
    const claim = await claimSubTasks(context.db, serviceId, token, limit, hint.current);
    hint.note(claim);
    return claim;
  } catch (error) {
    if (codeOf(error) === '55P03') return { outcome: 'busy' };
    throw error;
  }
}

/** Has a claim go its way; a paced service has nothing else to do meanwhile. */
async function send(loop: Loop, claim: Claimed, account: OpenAccount): Promise<void> {
  const { context, serviceId, underWay, results } = loop;
  await noteFirstMail(context, claim.taskId);
  const ended = underWay.start(claim.subTaskIds.length, (settled) => {
    const record = (result: SendResult) => results.add({ ...result, claimToken: claim.claimToken }).then(settled);
    return handOver({ context, serviceId, claim, account, record });
  });
  if (isPaced(account)) await ended;
}

function isPaced({ intervalMs }: OpenAccount): boolean {
  return intervalMs > 0;
}

type Unclaimed = Exclude<Claim, { outcome: 'claimed' }>;

/** With mails of its own on their way: what they come to may change the answer. */
async function mayGoOnBeside({ context, underWay }: Loop, claim: Unclaimed, changes: number): Promise<boolean> {
  switch (claim.outcome) {
    case 'full':
      await underWay.changedSince(changes);
      return true;
    case 'no_work':
    case 'exhausted':
      await Promise.race([underWay.ended(), pause(context, askAgainMs)]);
      return true;
    default:
      return mayGoOn(context, claim, false);
  }
}

/** Waits out what is worth waiting for. @returns false when the loop shall end. */
async function mayGoOn(context: WorkerContext, claim: Unclaimed, isPaced: boolean): Promise<boolean> {
  switch (claim.outcome) {
    case 'more':
      return true;
    case 'busy':
      return pause(context, 20);
    case 'frozen':
      return isSoon(claim.waitMs) && pause(context, isPaced ? claim.waitMs - headStartMs : claim.waitMs);
    case 'wait':
      return isSoon(claim.waitMs) && pause(context, claim.waitMs);
    case 'no_work':
      await completeTasks(context.db);
      return isSoon(claim.waitMs) && pause(context, Math.min(claim.waitMs, askAgainMs));
    case 'full':
    case 'exhausted':
      return isSoon(claim.waitMs) && pause(context, Math.min(claim.waitMs, askAgainMs));
    case 'disabled':
    case 'lost':
      return false;
  }
}

function isSoon(waitMs: number | null): waitMs is number {
  return waitMs !== null && waitMs <= windowMs;
}

async function pause(context: WorkerContext, ms: number): Promise<true> {
  if (ms > 0) await sleep(ms, undefined, { signal: context.stopping }).catch(() => {});
  return true;
}

const tasksKnownSending = new Set<string>();

// Once a Task and process: the Task's row stays out of the way of every further mail.
async function noteFirstMail(context: WorkerContext, taskId: string): Promise<void> {
  if (tasksKnownSending.has(taskId)) return;
  await markSending(context.db, taskId);
  if (tasksKnownSending.size > 10_000) tasksKnownSending.clear();
  tasksKnownSending.add(taskId);
}
