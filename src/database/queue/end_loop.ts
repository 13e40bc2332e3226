import type { Queryable } from '../pool.ts';

/** Of a loop that ended. */
export interface LoopEnd {
  readonly failed: boolean;
  /** The token of an exchange that got no answer: what it began was never written. */
  readonly unanswered: string | null;
}

/** Ends a loop and schedules the service's next run; after a failure not before a growing back-off. @returns false when the loop was not ours any more. */
export async function endLoop(
  db: Queryable,
  serviceId: string,
  loopToken: string,
  { failed, unanswered }: LoopEnd,
): Promise<boolean> {
  const { rows } = await db.query<{ ended: boolean }>({
    name: 'end_loop',
    text: 'select app_private.end_loop($1, $2, $3, $4) as ended',
    values: [serviceId, loopToken, failed, unanswered],
  });
  return rows[0]?.ended ?? false;
}
