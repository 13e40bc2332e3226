create or replace function app_public.read_task_diagnosis(p_task_id uuid)
returns jsonb
language sql
stable
security definer
set search_path to pg_catalog, ops, app_hidden, pg_temp
as $$
  select ops.read_diagnosis((app_hidden.read_task(p_task_id)).id::text);
$$;

revoke all on function app_public.read_task_diagnosis(uuid) from public;
grant execute on function app_public.read_task_diagnosis(uuid) to postilion_admin;
comment on function app_public.read_task_diagnosis(uuid) is 'ops.read_diagnosis for admins. Raises NTFND.';
