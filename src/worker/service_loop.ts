// The loop of one service: claim, hand over, again, until there is nothing to do soon. At most one such loop lives per service, whoever and
// wherever it is: the database says so by a token. The loop ends by computing its next run; it never throws, since graphile-worker's back-off
// would be eⁿ seconds.
import { setTimeout as sleep } from 'node:timers/promises';
import { codeOf } from '../database/error_code.ts';
import { type Claim, claimSubTasks } from '../database/queue/claim_sub_tasks.ts';
import { completeTasks } from '../database/queue/complete_tasks.ts';
import { endLoop } from '../database/queue/end_loop.ts';
import { markSending } from '../database/queue/mark_sending.ts';
import { takeLoop } from '../database/queue/take_loop.ts';
import type { WorkerContext } from './context.ts';
import { handOver } from './hand_over.ts';
import { persist } from './persist.ts';

/** A wait up to this long is waited out in the loop; a longer one is a job of its own. Above the head start that wake_service gives (1.2 s). */
const windowMs = 2_000;
/** A claim may be taken this long before the thaw (the database allows 250 ms). */
const headStartMs = 240;
/** While new work may turn up during a wait, ask this often. */
const askAgainMs = 250;
const batchSize = 50;
/** A changed account (timeout, address, credentials) is noticed within this time. */
const accountGoodForMs = 10_000;

/** Runs a service as long as it has something to do soon. Returns at once when another live loop has it. */
export async function runServiceLoop(context: WorkerContext, serviceId: string): Promise<void> {
  const loopToken = await takeLoop(context.db, serviceId, context.poolId());
  if (loopToken === null) return;
  let failed = false;
  try {
    await follow(context, serviceId, loopToken);
  } catch (error) {
    failed = true;
    context.log.error({ serviceId, err: error }, 'a service loop failed; it begins again after a back-off');
  }
  await persist(context, 'a service loop could not be ended; trying again', () =>
    endLoop(context.db, serviceId, loopToken, failed),
  );
}

async function follow(context: WorkerContext, serviceId: string, loopToken: string): Promise<void> {
  let account = await context.senders.open(context.db, serviceId);
  let openedAt = performance.now();
  while (!context.stopping.aborted) {
    if (performance.now() - openedAt > accountGoodForMs) {
      account = await context.senders.open(context.db, serviceId);
      openedAt = performance.now();
    }
    const claim = await claimOrBusy(context, serviceId, loopToken);
    if (claim.outcome === 'claimed') {
      await noteFirstMail(context, claim.taskId);
      await handOver(context, serviceId, claim, account);
    } else if (!(await mayGoOn(context, claim))) {
      return;
    }
  }
}

async function claimOrBusy(context: WorkerContext, serviceId: string, loopToken: string): Promise<Claim> {
  try {
    return await claimSubTasks(context.db, serviceId, loopToken, batchSize);
  } catch (error) {
    if (codeOf(error) === '55P03') return { outcome: 'busy' };
    throw error;
  }
}

/** Waits out what is worth waiting for. @returns false when the loop shall end. */
async function mayGoOn(context: WorkerContext, claim: Exclude<Claim, { outcome: 'claimed' }>): Promise<boolean> {
  switch (claim.outcome) {
    case 'more':
      return true;
    case 'busy':
      return pause(context, 20);
    case 'frozen':
      return claim.waitMs !== null && claim.waitMs <= windowMs && pause(context, claim.waitMs - headStartMs);
    case 'wait':
      return claim.waitMs !== null && claim.waitMs <= windowMs && pause(context, claim.waitMs);
    case 'no_work':
      await completeTasks(context.db);
      return claim.waitMs !== null && claim.waitMs <= windowMs && pause(context, Math.min(claim.waitMs, askAgainMs));
    case 'full':
    case 'exhausted':
      return claim.waitMs !== null && claim.waitMs <= windowMs && pause(context, Math.min(claim.waitMs, askAgainMs));
    case 'disabled':
    case 'lost':
      return false;
  }
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
