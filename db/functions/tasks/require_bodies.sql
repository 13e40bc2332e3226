create or replace function app_hidden.require_bodies(p_task_id uuid)
returns void
language plpgsql
stable
set search_path to pg_catalog, app_hidden, pg_temp
as $$
begin
  if exists (select from app_hidden.dropped_bodies where task_id = p_task_id) then
    raise exception 'taskId: the bodies of its mails were dropped, it can not send again' using errcode = 'TRANS';
  end if;
end;
$$;

revoke all on function app_hidden.require_bodies(uuid) from public;
comment on function app_hidden.require_bodies(uuid) is 'Raises TRANS for a locked Task whose rendered bodies are dropped: its mails would go out empty.';
