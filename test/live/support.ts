// What the queue does once a second, and how mails get somewhere, without a worker.
import { announceChanges } from '../../src/database/live/announce_changes.ts';
import type { Queryable } from '../../src/database/pool.ts';
import { beginSends } from '../../src/database/queue/begin_sends.ts';
import { completeSends, type SendResult } from '../../src/database/queue/complete_sends.ts';
import { endLoop } from '../../src/database/queue/end_loop.ts';
import { foldCounters } from '../../src/database/statistics/fold_counters.ts';
import { aResult } from '../queue/model/words.ts';
import { aClaim, type Claimed } from '../support/scene.ts';

/** What the supervisor does each second. */
export async function announce(db: Queryable): Promise<void> {
  await foldCounters(db);
  await announceChanges(db);
}

export async function complete(
  db: Queryable,
  serviceId: string,
  claim: Claimed,
  kind: SendResult['kind'],
): Promise<void> {
  await beginSends(db, claim.claimToken, claim.subTaskIds);
  await completeSends(
    db,
    serviceId,
    claim.claimToken,
    claim.subTaskIds.map((id) => aResult(id, kind)),
  );
}

/** Hands over the next `mails` of a service in one turn. */
export async function sendSome(
  db: Queryable,
  serviceId: string,
  mails: number,
  kind: SendResult['kind'] = 'accepted',
): Promise<void> {
  const { loopToken, claim } = await aClaim(db, serviceId, mails);
  await complete(db, serviceId, claim, kind);
  await endLoop(db, serviceId, loopToken, { failed: false, unanswered: null });
}

export function sendOne(db: Queryable, serviceId: string, kind: SendResult['kind'] = 'accepted'): Promise<void> {
  return sendSome(db, serviceId, 1, kind);
}
