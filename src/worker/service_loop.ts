// The loop of one service: turn after turn, until there is nothing to do soon. At most one such loop lives per service, whoever and wherever it
// is: the database says so by a token. It ends, when all that was begun in it has ended, by computing its next run; it never throws, since
// graphile-worker's back-off would be eⁿ seconds.
import { endLoop } from '../database/queue/end_loop.ts';
import { takeLoop } from '../database/queue/take_loop.ts';
import { ClaimHint } from './claim_hint.ts';
import type { WorkerContext } from './context.ts';
import type { Loop } from './loop.ts';
import { pacedTurn } from './paced_turn.ts';
import { persist } from './persist.ts';
import { ratedTurn, settleTraffic } from './rated_turn.ts';
import { Traffic } from './traffic.ts';

/** A changed account (timeout, address, credentials, pace) is noticed within this time. */
const accountGoodForMs = 10_000;

/** Runs a service as long as it has something to do soon. Returns at once when another live loop has it. */
export async function runServiceLoop(context: WorkerContext, serviceId: string): Promise<void> {
  const token = await takeLoop(context.db, serviceId, context.poolId());
  if (token === null) return;
  const loop: Loop = {
    context,
    serviceId,
    token,
    traffic: new Traffic(),
    hint: new ClaimHint(context.frontier),
    unanswered: null,
  };
  const failed = !(await succeeds(loop));
  await persist(context, 'a service loop could not be ended; trying again', () =>
    endLoop(context.db, serviceId, token, { failed, unanswered: loop.unanswered }),
  );
}

/** Follows the loop to its end and that of everything begun in it. */
async function succeeds(loop: Loop): Promise<boolean> {
  const { context, serviceId, traffic } = loop;
  try {
    await follow(loop).finally(() => settleTraffic(loop));
    traffic.throwFailure();
    return true;
  } catch (error) {
    context.log.error({ serviceId, err: error }, 'a service loop failed; it begins again after a back-off');
    return false;
  }
}

async function follow(loop: Loop): Promise<void> {
  const { context, serviceId } = loop;
  let account = await context.senders.open(context.db, serviceId);
  let openedAt = performance.now();
  while (!context.stopping.aborted) {
    if (performance.now() - openedAt > accountGoodForMs) {
      account = await context.senders.open(context.db, serviceId);
      openedAt = performance.now();
    }
    const isPaced = account.intervalMs > 0;
    // Its pace may be new: what was begun without one is settled first.
    if (isPaced) await settleTraffic(loop);
    loop.traffic.throwFailure();
    if (!(await (isPaced ? pacedTurn : ratedTurn)(loop, account))) return;
  }
}
