import { type ClaimResult, completeClaims } from '../database/queue/complete_claims.ts';
import type { WorkerContext } from './context.ts';
import { persist } from './persist.ts';

/**
 * An answer is known here and nowhere else: it is worth repeating until the database takes it. Should that fail, the lease runs out and the
 * row becomes uncertain, which is the truth.
 */
export async function recordResults(
  context: WorkerContext,
  serviceId: string,
  results: readonly ClaimResult[],
): Promise<void> {
  const refused = await persist(context, 'results could not be recorded; trying again', () =>
    completeClaims(context.db, serviceId, results),
  );
  noteRefused(context, serviceId, refused);
}

export function noteRefused({ log }: WorkerContext, serviceId: string, refused: readonly string[]): void {
  if (refused.length > 0) log.warn({ serviceId, refused }, 'results came too late: the lease was lost');
}
