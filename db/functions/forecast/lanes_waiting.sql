create or replace function app_hidden.lanes_waiting(p_task_id uuid, p_now timestamptz)
returns text[]
language plpgsql
stable
set search_path to pg_catalog, app_public, app_hidden, pg_temp
as $$
begin
  return array(select l.name from app_public.lanes l where app_hidden.first_waiting(p_task_id, array[l.name]) <= p_now order by l.name);
end;
$$;

revoke all on function app_hidden.lanes_waiting(uuid, timestamptz) from public;
comment on function app_hidden.lanes_waiting(uuid, timestamptz) is 'The lanes in which rows of a Task may be claimed.';
