create or replace function app_public.read_sub_task_history(p_sub_task_id uuid)
returns jsonb
language plpgsql
stable
security definer
set search_path to pg_catalog, ops, app_public, pg_temp
as $$
begin
  if not exists (select from app_public.sub_tasks where id = p_sub_task_id) then
    raise exception 'subTaskId: there is no mail %', p_sub_task_id using errcode = 'NTFND';
  end if;
  return ops.read_history(p_sub_task_id::text);
end;
$$;

revoke all on function app_public.read_sub_task_history(uuid) from public;
grant execute on function app_public.read_sub_task_history(uuid) to postilion_admin;
comment on function app_public.read_sub_task_history(uuid) is 'ops.read_history for admins. Raises NTFND.';
