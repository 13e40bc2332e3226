// Two workspaces that have everything a workspace can have, and people with every right in the first.
import type { Queryable } from '../../src/database/pool.ts';
import { aQueuedTask, aService, aWorkspace, one } from '../support/scene.ts';
import { aHash, aUser, first, type Role } from './support.ts';

export interface Asker {
  /** As the matrix calls them. */
  name: string;
  databaseRole: 'postilion_visitor' | 'postilion_user' | 'postilion_admin';
  userId?: string;
  tokenRole?: Role;
  tokenWorkspaceId?: string;
}

/** What functions take, of one workspace: ids, and whole rows for computed fields, which a client could make up. */
export interface Place {
  workspaceId: string;
  taskId: string;
  draftId: string;
  uncertainId: string;
  fileId: string;
  contactId: string;
  senderId: string;
  templateId: string;
  serviceId: string;
  memberId: string;
  memberEmail: string;
  tokenId: string;
  alertId: string;
}

export interface World {
  here: Place;
  there: Place;
  askers: Asker[];
}

export const roles: readonly Role[] = ['viewer', 'editor', 'sender', 'manager'];

export async function aWorld(db: Queryable): Promise<World> {
  await db.query('delete from app_public.workspaces');
  const here = await aPlace(db);
  const there = await aPlace(db);
  await ofTheInstallation(db);
  const askers: Asker[] = [
    { name: 'visitor', databaseRole: 'postilion_visitor' },
    { name: 'stranger', databaseRole: 'postilion_user', userId: await aUser(db) },
  ];
  for (const role of roles) {
    askers.push({ name: role, databaseRole: 'postilion_user', userId: await aMember(db, here.workspaceId, role) });
  }
  const userId = await aMember(db, here.workspaceId, 'manager');
  askers.push({ name: "manager's token, as viewer", databaseRole: 'postilion_user', userId, tokenRole: 'viewer' });
  askers.push({ name: 'admin', databaseRole: 'postilion_admin', userId: await aUser(db, { isAdmin: true }) });
  return { here, there, askers };
}

export async function aMember(db: Queryable, workspaceId: string, role: Role): Promise<string> {
  const userId = await aUser(db);
  await join(db, workspaceId, userId, role);
  return userId;
}

export async function join(db: Queryable, workspaceId: string, userId: string, role: Role): Promise<void> {
  await db.query('insert into app_public.memberships (workspace_id, user_id, role) values ($1, $2, $3)', [
    workspaceId,
    userId,
    role,
  ]);
}

/** Makes the transaction a request of somebody, as the server does. */
export async function become(db: Queryable, asker: Asker): Promise<void> {
  await db.query(
    `select set_config('postilion.user_id', $1, true), set_config('postilion.token_role', $2, true),
            set_config('postilion.token_workspace_id', $3, true), set_config('role', $4, true)`,
    [asker.userId ?? '', asker.tokenRole ?? '', asker.tokenWorkspaceId ?? '', asker.databaseRole],
  );
}

/** Runs work as somebody, and takes back what it did. */
export async function as<T>(db: Queryable, asker: Asker, work: () => Promise<T>): Promise<T> {
  await db.query('savepoint asked');
  try {
    await become(db, asker);
    return await work();
  } finally {
    await db.query('rollback to savepoint asked; release savepoint asked');
  }
}

export async function aToken(db: Queryable, userId: string, workspaceId: string | null, role: Role): Promise<string> {
  return one(db, `select id from app_private.create_api_token($1, 'a token', $2, $3, false, $4, null)`, [
    userId,
    role,
    workspaceId,
    aHash(),
  ]);
}

async function aPlace(db: Queryable): Promise<Place> {
  const workspaceId = await aWorkspace(db);
  const serviceId = await aService(db, { isShared: false });
  await db.query('insert into app_public.email_service_grants (email_service_id, workspace_id) values ($1, $2)', [
    serviceId,
    workspaceId,
  ]);
  await aDomainCheck(db, serviceId);
  await db.query('update app_public.workspaces set monthly_quota = 100 where id = $1', [workspaceId]);
  await db.query(`update app_public.email_services set frozen_until = now() + interval '1 hour' where id = $1`, [
    serviceId,
  ]);
  const { taskId } = await aQueuedTask(db, { workspaceId, recipients: 2 });
  const ids = await idsOf(db, taskId);
  const draftId = await one<string>(db, `select id from app_public.create_task($1, 'a draft', $2, array[$3::uuid])`, [
    workspaceId,
    ids.senderId,
    ids.templateId,
  ]);
  const memberId = await aMember(db, workspaceId, 'viewer');
  return {
    workspaceId,
    taskId,
    draftId,
    ...ids,
    uncertainId: await anUncertain(db, taskId, serviceId),
    fileId: await one(db, `select id from app_public.add_task_file($1, 'a.txt', 'text/plain', 'QQ==')`, [draftId]),
    contactId: await aContactOf(db, workspaceId),
    serviceId,
    memberId,
    memberEmail: await one(db, 'select email from app_public.users where id = $1', [memberId]),
    tokenId: await aToken(db, memberId, workspaceId, 'viewer'),
    alertId: await one(
      db,
      `select app_private.raise_alert('a_rule', $1::text, 'warning', 'Something happened.', '{}', $1::uuid)`,
      [workspaceId],
    ),
  };
}

async function idsOf(db: Queryable, taskId: string): Promise<{ senderId: string; templateId: string }> {
  const { rows } = await db.query<{ senderId: string; templateId: string }>(
    `select t.sender_id as "senderId", tt.template_id as "templateId"
       from app_public.tasks t join app_public.task_templates tt on tt.task_id = t.id where t.id = $1`,
    [taskId],
  );
  return first(rows);
}

// As if its provider had not answered, and had told us of an opening later; with an hour of statistics.
async function anUncertain(db: Queryable, taskId: string, serviceId: string): Promise<string> {
  const id = await one<string>(db, 'select id from app_public.sub_tasks where task_id = $1 order by id limit 1', [
    taskId,
  ]);
  for (const status of ['allocated', 'sending', 'uncertain']) {
    await db.query(
      `update app_public.sub_tasks
          set status = $2::app_public.sub_task_status,
              phase = case $2 when 'uncertain' then 'in_doubt' else 'under_way' end::app_public.sub_task_phase, service_id = $3, claim_token = $3, scheduled_at = now(), claimed_by = 'a worker',
              lease_expires_at = now(), handed_over_at = now(), uncertain_at = case when $2 = 'uncertain' then now() end
        where id = $1`,
      [id, status, serviceId],
    );
  }
  await db.query(
    `insert into app_public.mail_events (received_at, event_log_id, key, sub_task_id, task_id, kind, occurred_at)
     values (now(), 1, gen_random_uuid(), $1, $2, 'open', now())`,
    [id, taskId],
  );
  await db.query(
    `insert into app_public.hourly_statistics (hour, task_id, workspace_id, service_id, lane)
     select date_trunc('hour', now()), id, workspace_id, $2, '' from app_public.tasks where id = $1`,
    [taskId, serviceId],
  );
  return id;
}

async function aContactOf(db: Queryable, workspaceId: string): Promise<string> {
  await db.query(
    `with added as (
       insert into app_public.suppressions (workspace_id, email, reason) values ($1, 'gone@example.com', 'manual') returning *)
     insert into app_public.suppression_changes (workspace_id, email_hash, action, reason, note, created_at)
     select workspace_id, email_hash, 'added', reason, 'a note', created_at from added`,
    [workspaceId],
  );
  return one(db, 'select id from app_public.contacts where workspace_id = $1 order by id limit 1', [workspaceId]);
}

async function aDomainCheck(db: Queryable, serviceId: string): Promise<void> {
  await db.query(
    `insert into app_public.domain_checks (email_service_id, domain, state, findings, checked_at)
     select id, domain, 'ok', '{}', now() from app_public.email_services where id = $1`,
    [serviceId],
  );
}

async function ofTheInstallation(db: Queryable): Promise<void> {
  const serviceId = await aService(db);
  await aDomainCheck(db, serviceId);
  await db.query(`insert into app_public.lane_domains (domain, lane) values ('example.org', '')`);
  await db.query(`insert into app_public.email_service_caps (email_service_id, lane, daily_cap) values ($1, '', 9)`, [
    serviceId,
  ]);
  await db.query('insert into app_public.email_service_warm_up (email_service_id, day, daily_cap) values ($1, 1, 9)', [
    serviceId,
  ]);
  await db.query(
    `insert into app_public.event_logs (provider, path, headers, body) values ('engagelab', 'mail-event', '{}', '')`,
  );
  await db.query(
    `insert into app_public.webhook_refusal_counts (source, hour, refused) values ('ses', date_trunc('hour', now()), 1)`,
  );
}
