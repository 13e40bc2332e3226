// The faults an installation may have, planted one by one; each as a crash, a lost message or a hand in psql would leave it.
import type { Queryable } from '../../src/database/pool.ts';
import { registerPool } from '../../src/database/pools/register_pool.ts';
import { beginSends } from '../../src/database/queue/begin_sends.ts';
import { completeSends } from '../../src/database/queue/complete_sends.ts';
import { aResult } from '../queue/model/words.ts';
import { aClaim, aQueuedTask, aService, one } from '../support/scene.ts';

export interface Fault {
  /** The repair that mends it. */
  readonly what: string;
  /** The line of `health` that names it, and how grave it is. */
  readonly check: string;
  readonly state: 'warning' | 'critical';
  /** What the audit trail calls its repair. */
  readonly verb: string;
  plant(db: Queryable): Promise<unknown>;
  /** Whether the world is as it should be, by other eyes than those that found the fault. */
  isMended(db: Queryable): Promise<boolean>;
}

export const faults: Readonly<Record<string, Fault>> = {
  'a service with work and no job': {
    what: 'wake',
    check: 'services',
    state: 'critical',
    verb: 'wake_idle_services',
    plant: forgetJobs,
    isMended: sendJobIsDue,
  },
  'a service frozen past its time': {
    what: 'thaw',
    check: 'services',
    state: 'critical',
    verb: 'wake_service',
    async plant(db) {
      await db.query(
        `update app_public.email_services set frozen_until = now() - interval '1 hour', freeze_reason = 'account out of balance', freeze_count = 3`,
      );
      await forgetJobs(db);
    },
    isMended: sendJobIsDue,
  },
  'mails claimed by a worker that died': {
    what: 'leases',
    check: 'stuck',
    state: 'critical',
    verb: 'reap_leases',
    async plant(db) {
      await aClaim(db, await theService(db), 2);
      await db.query(
        `update app_public.sub_tasks set lease_expires_at = now() - interval '20 minutes' where phase = 'under_way'`,
      );
    },
    isMended: (db) => one(db, `select count(*) filter (where status = 'pending') = count(*) from app_public.sub_tasks`),
  },
  'a worker that fell silent': {
    what: 'pools',
    check: 'stuck',
    state: 'warning',
    verb: 'release_pool',
    async plant(db) {
      await registerPool(db, { id: 'pool-silent', kind: 'send', host: 'a host', pid: 1 });
      await db.query(
        `update app_hidden.worker_pools set seen_at = now() - interval '3 minutes' where id = 'pool-silent'`,
      );
      await db.query(
        `update app_public.email_services set loop_token = gen_random_uuid(), loop_pool = 'pool-silent', loop_expires_at = now() + interval '1 minute'`,
      );
    },
    isMended: (db) =>
      one(
        db,
        `select not exists (select from app_hidden.worker_pools where id = 'pool-silent') and not exists (select from app_public.email_services where loop_pool is not null)`,
      ),
  },
  'a service that counts a mail it has not': {
    what: 'slots',
    check: 'consistency',
    state: 'critical',
    verb: 'recount_in_flight',
    plant: (db) => db.query('update app_public.email_services set in_flight = in_flight + 1'),
    isMended: (db) => one(db, 'select in_flight = 0 from app_public.email_services'),
  },
  'a counter that drifted': {
    what: 'counters',
    check: 'consistency',
    state: 'critical',
    verb: 'recount_task',
    plant: (db) => db.query('update app_hidden.task_counters set pending = pending - 2, ever_opened = ever_opened + 1'),
    isMended: (db) => one(db, 'select sum(app_public.tasks_statistics_drift(t)) = 0 from app_public.tasks t'),
  },
  'a counter of a service that drifted': {
    what: 'counters',
    check: 'consistency',
    state: 'critical',
    verb: 'recount_task',
    plant: (db) =>
      db.query(
        `insert into app_hidden.task_service_counters (task_id, service_id, sent)
         select t.id, s.id, 1 from app_public.tasks t, app_public.email_services s
             on conflict (task_id, service_id) do update set sent = task_service_counters.sent + 1`,
      ),
    isMended: (db) => one(db, 'select sum(app_public.tasks_statistics_drift(t)) = 0 from app_public.tasks t'),
  },
  'webhooks recorded and never applied': {
    what: 'events',
    check: 'inbox',
    state: 'critical',
    verb: 'replay_events',
    plant: (db) =>
      db.query(
        `insert into app_public.event_logs (received_at, provider, path, headers, body)
         select now() - interval '30 minutes', 'engagelab', '/hook', '{}', '{}' from generate_series(1, 3)`,
      ),
    isMended: (db) => one(db, `select exists (select from graphile_worker._private_jobs where key = 'apply_events')`),
  },
  'webhooks that were given up': {
    what: 'events',
    check: 'parked',
    state: 'warning',
    verb: 'replay_events',
    plant: (db) =>
      db.query(
        `insert into app_public.event_logs (received_at, provider, path, headers, body, processed_at, attempts, error)
         values (now() - interval '1 hour', 'engagelab', '/hook', '{}', '{}', now(), 10, 'no such column'),
                (now() - interval '2 hours', 'engagelab', '/hook', '{}', 'x', now(), 1, 'it is no JSON')`,
      ),
    isMended: (db) =>
      one(db, `select count(*) = 2 from app_public.event_logs where processed_at is null and error is null`),
  },
  'a Task complete in fact but not in name': {
    what: 'tasks',
    check: 'tasks',
    state: 'warning',
    verb: 'complete_tasks',
    async plant(db) {
      const serviceId = await theService(db);
      const { claim } = await aClaim(db, serviceId, 100);
      await beginSends(db, claim.claimToken, claim.subTaskIds);
      await completeSends(
        db,
        serviceId,
        claim.claimToken,
        claim.subTaskIds.map((id) => aResult(id, 'accepted')),
      );
      await db.query('update app_public.email_services set loop_token = null, loop_expires_at = default');
    },
    isMended: (db) => one(db, `select bool_and(status = 'completed') from app_public.tasks`),
  },
  'a missing partition': {
    what: 'partitions',
    check: 'consistency',
    state: 'warning',
    verb: 'ensure_partitions',
    plant: (db) => dropNextMonth(db),
    isMended: (db) => one(db, `select to_regclass($1) is not null`, [nextMonth()]),
  },
};

export interface Scene {
  readonly taskId: string;
  readonly serviceId: string;
}

/** A queued Task of three mails and a rated service with its job; folded, as it is each second while a worker runs. */
export async function aSoundScene(db: Queryable): Promise<Scene> {
  const serviceId = await aService(db, { name: 'north', intervalMs: 0, maxInFlight: 100 });
  const { taskId } = await aQueuedTask(db, { recipients: 3 });
  await db.query('select app_private.fold_counters()');
  return { taskId, serviceId };
}

/** Two runners, whose last sign of life stays fresh however slow the machine is. */
export async function liveWorkers(db: Queryable): Promise<void> {
  for (const kind of ['send', 'other'] as const)
    await registerPool(db, { id: `pool-live-${kind}`, kind, host: 'a host', pid: 2 });
  await db.query(`update app_hidden.worker_pools set seen_at = now() + interval '1 hour' where id like 'pool-live-%'`);
}

async function forgetJobs(db: Queryable): Promise<void> {
  await db.query(`delete from graphile_worker._private_jobs where key like 'send:%'`);
}

function sendJobIsDue(db: Queryable): Promise<boolean> {
  return one(
    db,
    `select exists (select from graphile_worker._private_jobs where key like 'send:%' and run_at <= now() + interval '2 s')`,
  );
}

function theService(db: Queryable): Promise<string> {
  return one(db, 'select id from app_public.email_services');
}

function nextMonth(): string {
  const now = new Date();
  const next = new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() + 1, 1));
  return `app_public.event_logs_${next.getUTCFullYear()}_${String(next.getUTCMonth() + 1).padStart(2, '0')}`;
}

async function dropNextMonth(db: Queryable): Promise<void> {
  await db.query(`drop table ${nextMonth()}`);
}

/** Of every table there is, rows with their versions: any write at all changes the answer. */
export async function everything(db: Queryable): Promise<Record<string, string>> {
  const { rows: tables } = await db.query<{ name: string }>(
    `select c.oid::regclass::text as name from pg_class c join pg_namespace n on n.oid = c.relnamespace
      where c.relkind = 'r' and n.nspname in ('app_public', 'app_hidden', 'app_private', 'graphile_worker') order by 1`,
  );
  const sums: Record<string, string> = {};
  for (const { name } of tables)
    sums[name] = await one(
      db,
      `select md5(coalesce(string_agg(r.xmin || ' ' || r.cmin || ' ' || r.ctid, ',' order by r.ctid), '')) from ${name} r`,
    );
  return sums;
}
