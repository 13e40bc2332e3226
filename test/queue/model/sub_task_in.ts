// A SubTask in any state, brought there by the functions that bring it there in earnest.
import { applyEvents } from '../../../src/database/events/apply_events.ts';
import type { Queryable } from '../../../src/database/pool.ts';
import { beginSends } from '../../../src/database/queue/begin_sends.ts';
import { claimSubTasks } from '../../../src/database/queue/claim_sub_tasks.ts';
import { completeSends, type SendResult } from '../../../src/database/queue/complete_sends.ts';
import { takeLoop } from '../../../src/database/queue/take_loop.ts';
import { aQueuedTask, aService, one, statusOf } from '../../support/scene.ts';
import type { State } from './states.ts';
import { anEvent, aResult, type EventKind, softBounceLimit } from './words.ts';

/** A soft bounce is a state of its own for what may follow it. */
export type Situation = State | 'soft_bounced';

export const poolId = 'pool-test';

/** Longer than a lease of these scenes. */
export const leaseIsOver = '6 minutes';

/** A Task of one mail, and the service whose loop may claim it. */
export interface Held {
  taskId: string;
  id: string;
  serviceId: string;
  loopToken: string;
  /** Of the last claim; before the first one that of nobody. */
  claimToken: string;
}

type Step = (db: Queryable, held: Held) => Promise<Held>;

const ways: Record<Situation, Step[]> = {
  pending: [],
  allocated: [claim],
  sending: [claim, begin],
  sent: [claim, begin, ends('accepted')],
  delivered: [claim, begin, ends('accepted'), hears('delivered')],
  opened: [claim, begin, ends('accepted'), hears('open')],
  clicked: [claim, begin, ends('accepted'), hears('click')],
  bounced: [claim, begin, ends('accepted'), hears('hard_bounce')],
  soft_bounced: [claim, begin, ends('accepted'), hears('soft_bounce')],
  failed: [claim, begin, ends('refused')],
  cancelled: [hears('complaint'), claimNothing],
  uncertain: [claim, begin, ends('unknown')],
};

export async function aSubTaskIn(db: Queryable, situation: Situation): Promise<Held> {
  let held = await aPendingSubTask(db);
  for (const step of ways[situation]) held = await step(db, held);
  const status = await statusOf(db, held.id);
  if (status !== stateOf(situation)) throw new Error(`the way to ${situation} led to ${status}`);
  return held;
}

export function stateOf(situation: Situation): State {
  return situation === 'soft_bounced' ? 'bounced' : situation;
}

/** The service serves this Task alone, so that several such scenes may stand in one database. Its leases outlive any test. */
async function aPendingSubTask(db: Queryable): Promise<Held> {
  const { taskId, workspaceId } = await aQueuedTask(db, { recipients: 1 });
  const id = await one<string>(db, 'select id from app_public.sub_tasks where task_id = $1', [taskId]);
  const serviceId = await aService(db, { intervalMs: 0, isShared: false, timeoutMs: 300_000 });
  await db.query('insert into app_public.email_service_grants values ($1, $2)', [serviceId, workspaceId]);
  const loopToken = await takeLoop(db, serviceId, poolId);
  if (loopToken === null) throw new Error('a new service has a loop');
  return { taskId, id, serviceId, loopToken, claimToken: '00000000-0000-0000-0000-000000000000' };
}

async function claim(db: Queryable, held: Held): Promise<Held> {
  const claim = await claimSubTasks(db, held.serviceId, held.loopToken, 1);
  if (claim.outcome !== 'claimed') throw new Error(`nothing was claimed: ${claim.outcome}`);
  return { ...held, claimToken: claim.claimToken };
}

/** The address is suppressed: the claim leaves it out for good. */
async function claimNothing(db: Queryable, held: Held): Promise<Held> {
  await claimSubTasks(db, held.serviceId, held.loopToken, 1);
  return held;
}

async function begin(db: Queryable, held: Held): Promise<Held> {
  await beginSends(db, held.claimToken, [held.id]);
  return held;
}

function ends(kind: SendResult['kind']): Step {
  return async (db, held) => {
    await completeSends(db, held.serviceId, held.claimToken, [aResult(held.id, kind)]);
    return held;
  };
}

function hears(kind: EventKind): Step {
  return async (db, held) => {
    await applyEvents(db, [anEvent(held.id, kind)], softBounceLimit);
    return held;
  };
}
