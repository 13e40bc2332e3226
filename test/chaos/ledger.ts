import type { Queryable } from '../../src/database/pool.ts';
import { one } from '../support/scene.ts';

/**
 * Leases that were live at the same time for one SubTask, by the ledger alone: a claim whose predecessor had not ended. A row is claimed only
 * from pending, so two claims without a way back between them would be two owners. A claim that begins its mails at once is one that is written
 * as sending.
 */
export function overlappingLeases(db: Queryable): Promise<number> {
  return one(
    db,
    `select count(*)::integer from (
       select to_status, claim_token, lag(to_status) over mail as previous, lag(claim_token) over mail as previous_token
         from app_hidden.sub_task_changes window mail as (partition by sub_task_id order by id)
     ) as moves
     where to_status in ('allocated', 'sending') and previous is not null and previous <> 'pending'
       and not (previous = 'allocated' and claim_token = previous_token)`,
  );
}

/** How many hand-overs of each SubTask were begun. */
export async function handOvers(db: Queryable): Promise<Map<string, number>> {
  const { rows } = await db.query<{ id: string; count: number }>(
    `select sub_task_id as id, count(*)::integer as count
       from app_hidden.sub_task_changes where to_status = 'sending' group by sub_task_id`,
  );
  return new Map(rows.map(({ id, count }) => [id, count]));
}

/** How often SubTasks went from one state to another. */
export function moves(db: Queryable, from: string, to: string): Promise<number> {
  return one(
    db,
    'select count(*)::integer from app_hidden.sub_task_changes where from_status::text = $1 and to_status::text = $2',
    [from, to],
  );
}
