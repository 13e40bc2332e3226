-- The model is a fluid one: each service sends steadily at its pace within its quota, so what all of them can have sent by a time is a sum of
-- closed terms (capacity_by), and the Task is done when that sum reaches the work in front of it and its own. No day is simulated. Left out:
-- retries, suppressions, caps of lanes, Tasks that begin later, and freezes to come. A draft, a failed and a paused Task are told as if they went on now.
create or replace function app_hidden.forecast_plan(p_task_id uuid)
returns app_hidden.forecast_plan
language plpgsql
stable
set search_path to pg_catalog, app_public, app_hidden, pg_temp
as $$
declare
  v_task app_public.tasks := app_hidden.read_task(p_task_id);
  v_now timestamptz := app_hidden.current_time();
  v_all app_hidden.service_pace[] := array(select p from app_hidden.service_paces(v_now) as p);
  v_plan app_hidden.forecast_plan;
  v_before double precision;
  v_work record;
begin
  select l.recipients, l.mails into v_plan.recipients, v_plan.mails from app_hidden.forecast_load(v_task) as l;
  v_plan.begins_at := case when v_task.status = 'scheduled' then greatest(v_task.scheduled_at, v_now) else v_now end;
  v_plan.paces := array(
    select p from unnest(v_all) as p join app_public.email_services s on s.id = p.email_service_id
     where app_hidden.service_may_send(s, v_task) order by p.name);
  if v_plan.mails = 0 then
    v_plan.finishes_at := case v_task.status when 'cancelled' then null when 'completed' then v_task.completed_at else v_plan.begins_at end;
    return v_plan;
  end if;
  v_before := app_hidden.capacity_of(v_plan.paces, v_plan.begins_at);
  select * into v_work from app_hidden.forecast_work(v_task, v_all, v_plan.mails, v_before);
  v_plan.served_from := app_hidden.capacity_reached_at(v_plan.paces, v_before + v_work.ahead, v_plan.begins_at);
  v_plan.finishes_at := app_hidden.capacity_reached_at(v_plan.paces, v_before + v_work.ahead + v_work.shared, v_plan.begins_at);
  return v_plan;
end;
$$;

revoke all on function app_hidden.forecast_plan(uuid) from public;
comment on function app_hidden.forecast_plan(uuid) is 'Computes when which services will send a Task. Raises NTFND.';
