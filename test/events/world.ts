// A few Contacts, a few Tasks that wrote to each of them, and events about those mails.
import type { EventToApply } from '../../src/database/events/apply_events.ts';
import { applyEvents } from '../../src/database/events/apply_events.ts';
import type { Queryable } from '../../src/database/pool.ts';
import { beginSends } from '../../src/database/queue/begin_sends.ts';
import { completeSends } from '../../src/database/queue/complete_sends.ts';
import { anEvent, aResult, type EventKind } from '../queue/model/words.ts';
import { aClaim, aQueuedTask, aService, aWorkspace, one } from '../support/scene.ts';

export interface SentMail {
  readonly id: string;
  readonly taskId: string;
  readonly recipient: string;
  readonly trackingId: string;
}

export interface EventWorld {
  readonly workspaceId: string;
  readonly serviceId: string;
  readonly taskIds: readonly string[];
  /** Of one Contact after the other, each in the order they were sent. */
  readonly mails: readonly SentMail[];
}

export interface WorldOptions {
  readonly contacts?: number;
  readonly tasks?: number;
  /** Of the mails so handed over that nobody knows what came of it; by their place. Default: none. */
  readonly uncertain?: readonly number[];
}

/** Every mail is handed over to one service and accepted under its own id, as the message id. */
export async function anEventWorld(db: Queryable, options: WorldOptions = {}): Promise<EventWorld> {
  const workspaceId = await aWorkspace(db);
  const serviceId = await aService(db, { intervalMs: 0, maxInFlight: 1_000 });
  const taskIds: string[] = [];
  for (let task = 0; task < (options.tasks ?? 1); task += 1) {
    const recipients = task === 0 ? (options.contacts ?? 1) : 0;
    taskIds.push((await aQueuedTask(db, { workspaceId, recipients })).taskId);
  }
  const { rows: mails } = await db.query<SentMail>(
    `select m.sub_task_id as id, m.task_id as "taskId", m.recipient_email as recipient, m.tracking_id as "trackingId"
       from app_public.sub_task_mails m where m.task_id = any ($1) order by m.recipient_email, array_position($1, m.task_id)`,
    [taskIds],
  );
  const doubtful = new Set((options.uncertain ?? []).map((place) => mails[place]?.id));
  await sendAll(db, serviceId, taskIds.length, (id) => (doubtful.has(id) ? 'unknown' : 'accepted'));
  await db.query('update app_public.sub_tasks set handed_over_at = $2 where id = any ($1)', [
    [...doubtful],
    handedOverAt,
  ]);
  return { workspaceId, serviceId, taskIds, mails };
}

async function sendAll(
  db: Queryable,
  serviceId: string,
  claims: number,
  kindOf: (id: string) => 'accepted' | 'unknown',
): Promise<void> {
  for (let number = 0; number < claims; number += 1) {
    const { claim } = await aClaim(db, serviceId, 100);
    await beginSends(db, claim.claimToken, claim.subTaskIds);
    const results = claim.subTaskIds.map((id) =>
      aResult(id, kindOf(id), { messageId: kindOf(id) === 'accepted' ? id : null }),
    );
    await completeSends(db, serviceId, claim.claimToken, results);
    // Another run may begin.
    await db.query('update app_public.email_services set loop_token = null, loop_expires_at = default where id = $1', [
      serviceId,
    ]);
  }
}

/** Before atMinute(0): so what is heard of a mail in doubt is heard of that hand-over. */
const handedOverAt = '2026-01-01T00:00:00Z';

/** An event that names its mail by our id. */
export function about(mail: SentMail, kind: EventKind, more: Partial<EventToApply> = {}): EventToApply {
  return anEvent(mail.id, kind, more);
}

/** A minute of one day in the past. */
export function atMinute(minute: number, second = 0): string {
  return new Date(Date.UTC(2026, 0, 1, 0, minute, second)).toISOString();
}

export const limit = 2;

/** With `limit` soft bounces in a row. @returns the bodies to be applied again later. */
export function apply(db: Queryable, events: EventToApply[]): Promise<number[]> {
  return applyEvents(db, events, limit);
}

/** All that events may change, in a form that is the same in another world of the same shape. */
export function stateOf(db: Queryable, { taskIds, workspaceId }: EventWorld): Promise<object> {
  return one(
    db,
    `select json_build_object(
       'mails', (
         select json_agg(to_jsonb(st) - $3::text[] || jsonb_build_object('is_sent', sent_at is not null) order by m.recipient_email, array_position($1, st.task_id))
           from app_public.sub_tasks st join app_public.sub_task_mails m on m.sub_task_id = st.id where st.task_id = any ($1)),
       'contacts', (select json_agg(status order by email) from app_public.contacts where workspace_id = $2),
       'suppressions', (
         select json_agg(s.reason order by c.email) from app_public.contacts c
           left join app_public.suppressions s on s.workspace_id = c.workspace_id and s.email = c.email where c.workspace_id = $2),
       'funnels', (select json_agg(app_public.tasks_funnel(t) order by array_position($1, t.id)) from app_public.tasks t where t.id = any ($1)),
       'drift', (select sum(app_public.tasks_statistics_drift(t)) from app_public.tasks t where t.id = any ($1)))`,
    [
      taskIds,
      workspaceId,
      'id task_id position message_id service_id claim_token created_at handed_over_at scheduled_at sent_at sender_email round_trip_ms claimed_by quota_day uncertain_at'.split(
        ' ',
      ),
    ],
  );
}

/** Versions of every row that events may write: any write at all changes the answer. */
export function versionsOf(db: Queryable): Promise<string> {
  return one(
    db,
    `select md5(string_agg(version, ',' order by version)) from (
       select ctid || ' ' || xmin || ' ' || cmin || ' ' || id as version from app_public.sub_tasks
       union all select ctid || ' ' || xmin || ' ' || cmin || ' ' || id from app_public.contacts
       union all select ctid || ' ' || xmin || ' ' || cmin || ' ' || email from app_public.suppressions
       union all select tableoid || ' ' || ctid || ' ' || xmin || ' ' || cmin || ' ' || id from app_public.mail_events) as versions`,
  );
}
