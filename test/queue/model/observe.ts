// What there is to see of the world, in one statement, hence in one snapshot.
import { z } from 'zod';
import type { Queryable } from '../../../src/database/pool.ts';
import { minutesAstraySql } from '../../support/minutes.ts';
import { states } from './states.ts';
import type { Scene } from './world.ts';

/** Times are milliseconds since 1970 with fractions; -Infinity: at once. */
const time = z.union([z.number(), z.literal('-Infinity').transform(() => Number.NEGATIVE_INFINITY)]);

const seenSchema = z.object({
  now: time,
  task: z.object({ status: z.string(), total: z.number(), drift: z.number() }),
  mails: z.array(
    z.object({
      id: z.string(),
      status: z.enum(states),
      serviceId: z.string().nullable(),
      token: z.string().nullable(),
      availableAt: time,
      leaseExpiresAt: time.nullable(),
      handedOverAt: time.nullable(),
      uncertainAt: time.nullable(),
    }),
  ),
  services: z.array(
    z.object({
      id: z.string(),
      inFlight: z.number(),
      rowsInFlight: z.number(),
      usedQuota: z.number(),
      /** Rows of this quota day that certainly count for it. */
      rowsOfQuota: z.number(),
      quotaDay: z.string(),
      frozenUntil: time,
      freezeCount: z.number(),
      loopExpiresAt: time,
    }),
  ),
  ledger: z.object({
    /** Lines that do not go on where the line before them ended. */
    broken: z.number(),
    /** Rows that stand elsewhere than where their last line ends. */
    astray: z.number(),
    /** Minutes whose counters tell of something else. */
    minutes: z.number(),
  }),
});

export type Seen = z.infer<typeof seenSchema>;

const ms = (column: string) =>
  `case when ${column} = '-infinity' then '-infinity' else extract(epoch from ${column})::double precision * 1000 end`;

const text = `select jsonb_build_object(
  'now', extract(epoch from app_hidden.current_time())::double precision * 1000,
  'task', (
    select jsonb_build_object('status', t.status, 'total', (app_public.tasks_states(t)).total, 'drift', app_public.tasks_statistics_drift(t))
      from app_public.tasks t where t.id = $1),
  'mails', (
    select jsonb_agg(jsonb_build_object(
        'id', id, 'status', status, 'serviceId', service_id, 'token', claim_token, 'availableAt', ${ms('available_at')},
        'leaseExpiresAt', ${ms('lease_expires_at')}, 'handedOverAt', ${ms('handed_over_at')}, 'uncertainAt', ${ms('uncertain_at')}
      ) order by position)
      from app_public.sub_tasks where task_id = $1),
  'services', (
    select jsonb_agg(jsonb_build_object(
        'id', s.id, 'inFlight', s.in_flight, 'usedQuota', s.used_quota, 'frozenUntil', ${ms('s.frozen_until')}, 'freezeCount', s.freeze_count,
        'quotaDay', case when isfinite(s.quota_day) then s.quota_day::text else '' end, 'loopExpiresAt', ${ms('s.loop_expires_at')},
        'rowsInFlight', (select count(*) from app_public.sub_tasks where service_id = s.id and status in ('allocated', 'sending')),
        'rowsOfQuota', (
          select count(*) from app_public.sub_tasks
           where service_id = s.id and quota_day = s.quota_day and status in ('allocated', 'sending', 'uncertain', 'sent'))))
      from app_public.email_services s where s.id = any ($2)),
  'ledger', (
    select jsonb_build_object(
        'minutes', ${minutesAstraySql}, 'broken', count(*) filter (where from_status <> previous), 'astray', count(*) filter (where next is null and to_status <> status))
      from (
        select c.from_status, c.to_status, st.status, lag(c.to_status) over line as previous, lead(c.id) over line as next
          from app_hidden.sub_task_changes c join app_public.sub_tasks st on st.id = c.sub_task_id
         where st.task_id = $1
        window line as (partition by c.sub_task_id order by c.id)
      ) as lines)) as seen`;

export async function observe(db: Queryable, scene: Scene): Promise<Seen> {
  // Named: it is asked after every step, and takes longer to plan than to run.
  const values = [scene.taskId, Object.values(scene.services)];
  const { rows } = await db.query<{ seen: unknown }>({ name: 'observe', text, values });
  return seenSchema.parse(rows[0]?.seen);
}
