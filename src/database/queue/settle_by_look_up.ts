import type { TakenMail } from '../../providers/provider.ts';
import type { Queryable } from '../pool.ts';

/** Settles uncertain SubTasks by all that the provider's record has for their addresses. @returns the ids of those that were sent after all. */
export async function settleByLookUp(
  db: Queryable,
  subTaskIds: readonly string[],
  taken: readonly TakenMail[],
): Promise<string[]> {
  const { rows } = await db.query<{ settled: string[] }>(
    'select app_private.settle_by_look_up($1, $2, $3, $4) as settled',
    [
      subTaskIds,
      taken.map(({ recipient }) => recipient),
      taken.map(({ messageId }) => messageId),
      taken.map(({ takenAt }) => takenAt),
    ],
  );
  return rows[0]?.settled ?? [];
}
