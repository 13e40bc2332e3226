// Situations that alerts are about, planted as the queue, a crash or the passing of time would leave them.
import { evaluateRule, type Given } from '../../src/database/alerts/evaluate_rule.ts';
import type { Queryable } from '../../src/database/pool.ts';
import { clockForward } from '../support/scene.ts';

export interface Seen {
  rule: string;
  subject: string;
  severity: string;
  message: string;
  times: number;
  isOpen: boolean;
  actionTaken: string | null;
}

export async function alertsOf(db: Queryable, rule: string): Promise<Seen[]> {
  const { rows } = await db.query<Seen>(
    `select rule, subject, severity, message, times, resolved_at is null as "isOpen", action_taken as "actionTaken"
       from app_public.alerts where rule = $1 order by opened_at, id`,
    [rule],
  );
  return rows;
}

/** How grave the open alerts of a rule are. */
export async function openOf(db: Queryable, rule: string): Promise<string[]> {
  return (await alertsOf(db, rule)).filter(({ isOpen }) => isOpen).map(({ severity }) => severity);
}

/** Looks once more, as the crontab does five minutes later, and answers how grave what is open is. */
export async function lookAgain(db: Queryable, rule: string, given: Given = {}): Promise<string[]> {
  await clockForward(db, '5 minutes');
  await evaluateRule(db, rule, given);
  return openOf(db, rule);
}

export interface Hour {
  taskId: string;
  serviceId: string;
  sent?: number;
  failed?: number;
  bounced?: number;
  hardBounced?: number;
  complained?: number;
}

/** What a service did in the last closed hour but one, and nothing else. */
export async function anHour(db: Queryable, hour: Hour): Promise<void> {
  const { taskId, serviceId, sent = 0, failed = 0, bounced = 0, hardBounced = 0, complained = 0 } = hour;
  await db.query(
    `insert into app_public.hourly_statistics as h (hour, task_id, service_id, lane, sent, failed, bounced, hard_bounced, complained)
     select rolled_until - interval '2 hours', $1, $2, '', $3, $4, $5, $6, $7 from app_hidden.roll_up_progress
         on conflict (hour, task_id, service_id, lane) do update
        set sent = excluded.sent, failed = excluded.failed, bounced = excluded.bounced, hard_bounced = excluded.hard_bounced, complained = excluded.complained`,
    [taskId, serviceId, sent, failed, bounced, hardBounced, complained],
  );
}

export async function forgetJobs(db: Queryable): Promise<void> {
  await db.query('delete from graphile_worker._private_jobs');
}
