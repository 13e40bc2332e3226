import type { Stage } from './stage.ts';

/** Does what a careful operator does with uncertain mails: asks the provider, and has those sent again that it does not know. @returns how many it knew. */
export async function operatorSettles({ pool, taskId, simulator }: Stage): Promise<number> {
  const { rows } = await pool.query<{ id: string }>(
    `select id from app_public.sub_tasks where task_id = $1 and status = 'uncertain'`,
    [taskId],
  );
  // Read after the rows: whatever had arrived when they became uncertain is in it.
  const record = await Array.fromAsync(simulator.client.record());
  const accepted = new Set(record.filter(({ outcome }) => outcome === 'accepted').map(({ subTaskId }) => subTaskId));
  for (const { id } of rows) await pool.query('select app_public.settle_uncertain($1, $2)', [id, accepted.has(id)]);
  await pool.query('select app_public.retry_failed($1)', [taskId]);
  return rows.filter(({ id }) => accepted.has(id)).length;
}
