-- Two last completions in parallel each see the other's row open, so completion is never part of one: it is asked for when a claim finds
-- nothing, and by the sweep, with the Task locked. A Task whose states don't add up to its rows is not called complete.
-- To complete a Task is no repair, whoever does it; one that stood complete for over a minute had been forgotten.
create or replace function app_private.complete_tasks(p_why text default null)
returns setof uuid
language plpgsql
volatile
security definer
set search_path to pg_catalog, app_public, app_hidden, pg_temp
as $$
declare
  v_task_id uuid;
  v_forgotten uuid[] := '{}';
begin
  for v_task_id in
    select t.id from app_public.tasks t where t.status in ('queued', 'sending') and not app_hidden.task_is_open(t.id) order by t.id
  loop
    perform from app_public.tasks where id = v_task_id and status in ('queued', 'sending') for no key update skip locked;
    if found and not app_hidden.task_is_open(v_task_id) then
      if p_why is not null and app_hidden.complete_since(v_task_id) < app_hidden.current_time() - interval '1 minute' then
        v_forgotten := v_forgotten || v_task_id;
      end if;
      update app_public.tasks set status = 'completed', completed_at = app_hidden.current_time() where id = v_task_id;
      return next v_task_id;
    end if;
  end loop;
  if cardinality(v_forgotten) > 0 then
    perform app_hidden.record_repair('complete_tasks', null, p_why, cardinality(v_forgotten), jsonb_build_object('tasks', v_forgotten));
  end if;
end;
$$;

revoke all on function app_private.complete_tasks(text) from public;
grant execute on function app_private.complete_tasks(text) to postilion_worker;
comment on function app_private.complete_tasks(text) is 'Completes every Task that has no open row left, and answers which; with a reason those that stood complete for over a minute are entered into app_hidden.repairs.';
