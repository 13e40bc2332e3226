// A paced service's turn: one mail, from its claim to its complete. The claim may be made a little before the thaw, so that no time is lost.
import { type Claim, claimSubTasks, type Unclaimed } from '../database/queue/claim_sub_tasks.ts';
import { completeTasks } from '../database/queue/complete_tasks.ts';
import { handOver } from './hand_over.ts';
import { askAgainMs, busyMs, isLocked, isSoon, type Loop, noteFirstMail, pause } from './loop.ts';
import { recordResults } from './record_results.ts';
import type { OpenAccount } from './sender_cache.ts';

/** The claim may be taken this long before the thaw (the database allows 250 ms). */
const headStartMs = 240;

/** One claim and its mail, or a wait. @returns false when the loop shall end. */
export async function pacedTurn(loop: Loop, account: OpenAccount): Promise<boolean> {
  const { context, serviceId } = loop;
  const claim = await claimOrBusy(loop);
  if (claim.outcome !== 'claimed') {
    if (isRest(claim)) context.meters?.sends?.of(serviceId, account.name).rests();
    return mayGoOn(loop, claim);
  }
  await noteFirstMail(context, claim.taskId);
  await handOver({
    context,
    serviceId,
    claim,
    account,
    record: (result) => recordResults(context, serviceId, [{ ...result, claimToken: claim.claimToken }]),
  });
  return true;
}

async function claimOrBusy({ context, serviceId, token, hint }: Loop): Promise<Claim> {
  const since = performance.now();
  try {
    const claim = await claimSubTasks(context.db, serviceId, token, 1, hint.take(1));
    if (claim.outcome === 'claimed') context.meters?.sends?.claimed('paced', since);
    hint.note(claim);
    return claim;
  } catch (error) {
    if (isLocked(error)) return { outcome: 'busy' };
    throw error;
  }
}

/** Whether the pace is not what is waited for. */
function isRest({ outcome }: Unclaimed): boolean {
  return outcome !== 'frozen' && outcome !== 'busy' && outcome !== 'more';
}

/** Waits out what is worth waiting for. @returns false when the loop shall end. */
async function mayGoOn({ context }: Loop, claim: Unclaimed): Promise<boolean> {
  switch (claim.outcome) {
    case 'more':
      return true;
    case 'busy':
      return pause(context, busyMs);
    case 'frozen':
      return isSoon(claim.waitMs) && pause(context, claim.waitMs - headStartMs);
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
