// Weeks of history, as the roll-up would have left them, with a story in it: south begins to refuse and to answer slowly two days ago.
import type { Queryable } from '../../src/database/pool.ts';
import { aQueuedTask, aService, one } from '../support/scene.ts';

export interface History {
  readonly north: string;
  readonly south: string;
  readonly taskId: string;
  /** The day it is, in UTC. */
  readonly today: string;
}

/** History of 30 days up to the last closed hour, by a clock that stands near this one: the hours of today are as many as have passed. */
export async function aHistory(db: Queryable, { days = 30, trouble = true } = {}): Promise<History> {
  const north = await aService(db, { name: 'north', intervalMs: 2_000, dailyQuota: 30_000 });
  const south = await aService(db, { name: 'south', intervalMs: 0, maxInFlight: 20, dailyQuota: 50_000 });
  await aService(db, { name: 'east', intervalMs: 10_000 });
  const { taskId } = await aQueuedTask(db, { recipients: 400, domains: ['example.com', 'mail.example'] });
  await db.query(
    `update app_hidden.roll_up_progress set rolled_until = date_trunc('hour', app_hidden.current_time(), 'UTC')`,
  );
  await db.query(
    `insert into app_public.hourly_statistics (hour, task_id, workspace_id, service_id, lane, sent, delivered, hard_bounced, bounced, opened, human_opened, complained, failed, uncertain, round_trip_ms_sum, round_trip_count)
     select h.hour, $1, t.workspace_id, s.id, '', h.sent, h.sent - h.bounced, h.bounced, h.bounced, h.sent / 2, h.sent / 4, h.n % 50 / 49, h.failed, 0, h.sent * h.answer_ms, h.sent
       from app_public.tasks t
      cross join (values ($2::uuid, 'north'), ($3::uuid, 'south')) as s (id, name)
      cross join lateral (
        select p.rolled_until - n * interval '1 hour' as hour, n, 100 + (n * 37 + length(s.name)) % 60 + case s.name when 'north' then 120 else 40 end as sent,
               2 + n % 3 as bounced,
               case when $5 and s.name = 'south' and n <= 48 then 25 + n % 7 else n % 3 end as failed,
               case when $5 and s.name = 'south' and n <= 48 then 900 + n % 90 else 180 + n % 40 end as answer_ms
          from app_hidden.roll_up_progress p, generate_series(1, 24 * $4::integer) as n
      ) as h
      where t.id = $1`,
    [taskId, north, south, days, trouble],
  );
  await db.query(
    `insert into app_hidden.hourly_domain_statistics (hour, domain, sent, delivered, soft_bounced, hard_bounced, bounced, complained, failed, uncertain)
     select h.hour, d.domain, sum(h.sent) * d.part / 10, sum(h.delivered) * d.part / 10, 0, sum(h.bounced) * d.part / 10, sum(h.bounced) * d.part / 10, 0,
            case when d.domain = 'mail.example' then sum(h.failed) else 0 end, 0
       from app_public.hourly_statistics h cross join (values ('example.com', 6), ('mail.example', 3), ('', 1)) as d (domain, part)
      group by 1, 2, d.part`,
  );
  return {
    north,
    south,
    taskId,
    today: await one(db, `select (app_hidden.current_time() at time zone 'UTC')::date::text`),
  };
}
