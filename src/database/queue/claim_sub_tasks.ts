import type { Queryable } from '../pool.ts';
import { type Hint, type HintRow, hintArgument, hintColumns, hintValues, toHint } from './hint.ts';

/**
 * What a claim came to; see db/functions/queue/claim_sub_tasks.sql. Waits are in milliseconds from the answer, which came at
 * `answeredAt` (performance.now() ms); null: unknown.
 */
export type Claim =
  | {
      outcome: 'claimed';
      answeredAt: number;
      waitMs: number;
      claimToken: string;
      taskId: string;
      subTaskIds: string[];
      /** Where the next claim may begin to look. */
      hint: Hint;
    }
  | Unclaimed;

/** Nothing was claimed, and why. */
export type Unclaimed =
  | { outcome: 'frozen' | 'full' | 'exhausted' | 'no_work' | 'wait'; waitMs: number | null }
  | { outcome: 'more' | 'busy' | 'disabled' | 'lost' };

interface Row extends HintRow {
  outcome: Claim['outcome'];
  wait_ms: number | null;
  claim_token: string | null;
  task_id: string | null;
  sub_task_ids: string[] | null;
}

const text = `select outcome, wait_ms, claim_token, task_id, sub_task_ids, ${hintColumns} from app_private.claim_sub_tasks($1, $2, $3, ${hintArgument(4)})`;

/** Claims up to `limit` SubTasks of one Task for a service and renews its loop. Throws 55P03 when the service stays locked for a second. */
export async function claimSubTasks(
  db: Queryable,
  serviceId: string,
  loopToken: string,
  limit: number,
  hint: Hint | null = null,
): Promise<Claim> {
  const { rows } = await db.query<Row>({
    name: 'claim_sub_tasks',
    text,
    values: [serviceId, loopToken, limit, ...hintValues(hint)],
  });
  const row = rows[0];
  if (row === undefined) throw new Error('claim_sub_tasks gave no answer');
  return toClaim(row);
}

function toClaim(row: Row): Claim {
  const { outcome, wait_ms, claim_token, task_id, sub_task_ids } = row;
  const hint = toHint(row);
  switch (outcome) {
    case 'claimed':
      if (claim_token === null || task_id === null || sub_task_ids === null || hint === null)
        throw new Error('a claim without its token');
      return {
        outcome,
        answeredAt: performance.now(),
        waitMs: wait_ms ?? 0,
        claimToken: claim_token,
        taskId: task_id,
        subTaskIds: sub_task_ids,
        hint,
      };
    default:
      return unclaimed(outcome, wait_ms);
  }
}

export function unclaimed(outcome: Unclaimed['outcome'], waitMs: number | null): Unclaimed {
  switch (outcome) {
    case 'frozen':
    case 'full':
    case 'exhausted':
    case 'no_work':
    case 'wait':
      return { outcome, waitMs };
    default:
      return { outcome };
  }
}
