create or replace function app_hidden.task_may_send(p_status app_public.task_status)
returns boolean
language plpgsql
immutable
parallel safe
set search_path to pg_catalog, pg_temp
as $$
begin
  return p_status in ('queued', 'sending');
end;
$$;

revoke all on function app_hidden.task_may_send(app_public.task_status) from public;
comment on function app_hidden.task_may_send(app_public.task_status) is 'Whether mails of a Task in this state may be claimed and handed over.';
