import type { Queryable } from '../../src/database/pool.ts';
import { one } from './scene.ts';

/**
 * In how many minutes, of one Task ($1) and by service, the counters tell of other hand-overs, bounces and failures than the ledger does.
 * What was heard beside them is no move, so the ledger has nothing to compare it with.
 */
export const minutesAstraySql = `(
  select count(*)::integer
    from (
      select minute, service_id
        from (
          select date_trunc('minute', changed_at) as minute, service_id,
                 (from_status in ('sending', 'uncertain', 'failed') and to_status in ('sent', 'delivered', 'opened', 'clicked', 'bounced'))::integer as sent,
                 (to_status = 'bounced')::integer - (from_status = 'bounced')::integer as bounced,
                 (from_status in ('sending', 'uncertain') and to_status = 'failed')::integer as failed
            from app_hidden.sub_task_changes where task_id = $1
           union all
          select minute, service_id, -sent, -bounced, -failed from app_hidden.minute_counters where task_id = $1
           union all
          select minute, service_id, -sent, -bounced, -failed from app_hidden.minute_counter_deltas where task_id = $1
        ) as told
       group by minute, service_id
      having (sum(sent), sum(bounced), sum(failed)) <> (0, 0, 0)
    ) as astray)`;

export function minutesAstray(db: Queryable, taskId: string): Promise<number> {
  return one(db, `select ${minutesAstraySql}`, [taskId]);
}
