import { type ClaimResult, completeClaims } from '../database/queue/complete_claims.ts';
import type { WorkerContext } from './context.ts';
import { Groups } from './groups.ts';
import { persist } from './persist.ts';

/**
 * What the mails of a loop come to, recorded in groups: the service is locked while its results are written, so more than one statement at a
 * time would only wait, each with a connection.
 */
export function resultsOf(context: WorkerContext, serviceId: string): Groups<ClaimResult> {
  // An answer is known here and nowhere else: it is worth repeating until the database takes it. Should that fail, the lease runs out and the
  // row becomes uncertain, which is the truth.
  return new Groups(async (results) => {
    const refused = await persist(context, 'results could not be recorded; trying again', () =>
      completeClaims(context.db, serviceId, results),
    );
    if (refused.length > 0) context.log.warn({ serviceId, refused }, 'results came too late: the lease was lost');
  });
}
