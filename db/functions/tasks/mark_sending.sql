-- A statement of its own, never inside a claim: a claim holds the service, and the Task comes first in the lock order.
create or replace function app_private.mark_sending(p_task_ids uuid[])
returns void
language plpgsql
volatile
security definer
set search_path to pg_catalog, app_public, pg_temp
as $$
begin
  perform from app_public.tasks where id = any (p_task_ids) and status = 'queued' order by id for no key update;
  update app_public.tasks set status = 'sending' where id = any (p_task_ids) and status = 'queued';
end;
$$;

revoke all on function app_private.mark_sending(uuid[]) from public;
grant execute on function app_private.mark_sending(uuid[]) to postilion_worker;
comment on function app_private.mark_sending(uuid[]) is 'Says of queued Tasks that their first mail is on its way.';
