import type { Queryable } from '../pool.ts';

/** Gives mails that are being handed over a whole lease from now. @returns the ids that were still the token's, unexpired. */
export async function extendLeases(
  db: Queryable,
  serviceId: string,
  claimToken: string,
  subTaskIds: string[],
): Promise<string[]> {
  const { rows } = await db.query<{ ours: string[] }>({
    name: 'extend_leases',
    text: 'select app_private.extend_leases($1, $2, $3) as ours',
    values: [serviceId, claimToken, subTaskIds],
  });
  return rows[0]?.ours ?? [];
}
