create or replace function app_hidden.pause_culprits(p_task_ids uuid[], p_why text, p_detail jsonb)
returns text[]
language plpgsql
volatile
set search_path to pg_catalog, app_public, app_hidden, pg_temp
as $$
declare
  v_task app_public.tasks;
  v_names text[] := '{}';
begin
  for v_task in
    select * from app_public.tasks where id = any (p_task_ids) order by id for no key update
  loop
    if v_task.status in ('queued', 'sending') then
      perform app_hidden.record_repair('pause_task', v_task.id, p_why, app_public.pause_task(v_task.id), p_detail);
      v_names := v_names || format('%s (%s)', v_task.name, v_task.id);
    end if;
  end loop;
  return v_names;
end;
$$;

revoke all on function app_hidden.pause_culprits(uuid[], text, jsonb) from public;
comment on function app_hidden.pause_culprits(uuid[], text, jsonb) is
  'Pauses those of these Tasks that are under way, all locked first, and enters it into the audit trail. Answers their names.';
