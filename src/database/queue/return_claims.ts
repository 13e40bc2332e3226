import type { Queryable } from '../pool.ts';

/** Gives back SubTasks that were claimed and not begun. @returns how many went back; those with a newer token stay. */
export async function returnClaims(
  db: Queryable,
  serviceId: string,
  claimToken: string,
  subTaskIds: string[],
): Promise<number> {
  const { rows } = await db.query<{ count: number }>({
    name: 'return_claims',
    text: 'select app_private.return_claims($1, $2, $3) as count',
    values: [serviceId, claimToken, subTaskIds],
  });
  return rows[0]?.count ?? 0;
}
