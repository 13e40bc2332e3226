// The faults of a running system. Each is planted as a crash, a lost message or a hand in psql would leave it, and told to be gone by other eyes than
// those that found it.
import type { Queryable } from '../../../src/database/pool.ts';
import { driftOf, one } from '../../support/scene.ts';

/** Names what a fault is about, in the words that shall be in the text. */
export interface Scar {
  readonly names: RegExp;
  isMended(db: Queryable): Promise<boolean>;
}

export interface Scene {
  /** A campaign under way, and one that is over. */
  readonly taskId: string;
  readonly overId: string;
  /** By name: services that send the first. */
  readonly services: Readonly<Record<string, string>>;
}

export interface Fault {
  /** What `diagnose` calls it; null: it is about no Task. */
  readonly what: string | null;
  /** The functions that enter its repair into the audit trail, any of them. */
  readonly audit: readonly string[];
  /** In a transaction. @returns null when it can't be planted at this moment. */
  plant(db: Queryable, scene: Scene): Promise<Scar | null>;
}

export const faults: Readonly<Record<string, Fault>> = {
  idle_service: {
    what: 'wake',
    audit: ['wake_idle_services'],
    plant: (db, { services }) => abandon(db, services, 'service1', `frozen_until = '-infinity', freeze_reason = null`),
  },
  frozen_service: {
    what: 'thaw',
    audit: ['wake_idle_services'],
    plant: (db, { services }) =>
      abandon(
        db,
        services,
        'service2',
        `frozen_until = now() - interval '1 minute', freeze_reason = 'account out of balance', freeze_count = 1`,
      ),
  },
  lost_webhooks: {
    what: 'events',
    audit: ['wake_apply_events'],
    plant: forgetWebhook,
  },
  complete_task: {
    what: 'tasks',
    audit: ['complete_tasks'],
    plant: unsay,
  },
  missing_month: {
    what: null,
    audit: ['ensure_partitions'],
    plant: dropNextMonth,
  },
  drifted_counter: {
    what: 'counters',
    audit: ['recount_task'],
    async plant(db, { taskId }) {
      await db.query(
        'update app_hidden.task_counters set pending = pending + 2, ever_opened = ever_opened + 1 where task_id = $1',
        [taskId],
      );
      return {
        names: /ever_opened kept \d+, counted \d+/,
        isMended: async (eyes) => (await driftOf(eyes, taskId)) === 0,
      };
    },
  },
};

/** Takes a service's run and its job away, at a moment when it has no mail under way. */
async function abandon(db: Queryable, services: Scene['services'], name: string, change: string): Promise<Scar | null> {
  const id = services[name];
  const { rowCount } = await db.query(
    'select from app_public.email_services where id = $1 and in_flight = 0 for update',
    [id],
  );
  if (rowCount === 0) return null;
  await db.query(
    `update app_public.email_services set loop_token = null, loop_pool = null, loop_expires_at = '-infinity', ${change} where id = $1`,
    [id],
  );
  await db.query(`delete from graphile_worker._private_jobs where key = 'send:' || $1`, [id]);
  const plantedAt = await one<Date>(db, 'select clock_timestamp()');
  return {
    names: new RegExp(name),
    isMended: (eyes) =>
      one(eyes, 'select exists (select from app_public.sub_tasks where service_id = $1 and sent_at > $2)', [
        id,
        plantedAt,
      ]),
  };
}

/** The provider's word about a mail, recorded five minutes ago by a process that was killed before it told anybody. */
async function forgetWebhook(db: Queryable, { overId }: Scene): Promise<Scar | null> {
  const { rows } = await db.query<{ id: string; recipient: string }>(
    `select st.id, m.recipient_email as recipient
       from app_public.sub_tasks st join app_public.sub_task_mails m on m.sub_task_id = st.id
      where st.task_id = $1 and st.delivered_at is null limit 1`,
    [overId],
  );
  const [mail] = rows;
  if (mail === undefined) return null;
  const body = {
    server: 'email',
    to: mail.recipient,
    itime: Date.now(),
    custom_args: { subtask_id: mail.id },
    status: { message_status: 'delivered', status_data: {} },
  };
  await db.query(`delete from graphile_worker._private_jobs where key = 'apply_events' and locked_at is null`);
  await db.query(
    `insert into app_public.event_logs (received_at, provider, path, headers, body)
     values (now() - interval '5 minutes', 'engagelab', '/hook', '{}', $1)`,
    [Buffer.from(JSON.stringify(body))],
  );
  return {
    names: /1 webhook/,
    isMended: (eyes) => one(eyes, 'select delivered_at is not null from app_public.sub_tasks where id = $1', [mail.id]),
  };
}

/** A Task that ended ten minutes ago, and of which it was never said. */
async function unsay(db: Queryable, { overId }: Scene): Promise<Scar | null> {
  const ended = await one<boolean>(db, `select status = 'completed' from app_public.tasks where id = $1`, [overId]);
  if (!ended) return null;
  // Or the trigger would say that it was changed just now.
  await db.query('alter table app_public.tasks disable trigger _500_touch');
  await db.query(
    `update app_public.tasks set status = 'sending', completed_at = null, updated_at = now() - interval '10 minutes' where id = $1`,
    [overId],
  );
  await db.query('alter table app_public.tasks enable trigger _500_touch');
  await db.query(
    `update app_hidden.minute_counters set minute = minute - interval '10 minutes' where task_id = $1 and minute > now() - interval '10 minutes'`,
    [overId],
  );
  return {
    names: /a campaign that is over/,
    isMended: (eyes) => one(eyes, `select status = 'completed' from app_public.tasks where id = $1`, [overId]),
  };
}

async function dropNextMonth(db: Queryable): Promise<Scar> {
  const month = await one<string>(
    db,
    `select to_char(date_trunc('month', now() at time zone 'UTC') + interval '1 month', 'YYYY_MM')`,
  );
  const name = `app_public.event_logs_${month}`;
  await db.query(`drop table ${name}`);
  return {
    names: new RegExp(month.replace('_', '-')),
    isMended: (eyes) => one(eyes, 'select to_regclass($1) is not null', [name]),
  };
}
