-- A Task that its workspace's quota does not let begin sends nothing. A service's quota decides when, without it, the services could have sent more by the end than they will have.
create or replace function app_public.forecast_task(p_task_id uuid)
returns app_public.task_forecast
language plpgsql
stable
security definer
set search_path to pg_catalog, app_public, app_hidden, pg_temp
as $$
declare
  v_plan app_hidden.forecast_plan;
  v_end timestamptz;
  v_per_hour double precision;
  v_able double precision;
  v_unbound double precision;
begin
  perform app_hidden.demand_task('viewer', p_task_id);
  v_plan := app_hidden.forecast_plan(p_task_id);
  v_end := coalesce(v_plan.finishes_at, v_plan.begins_at + interval '9600 hours');
  if app_hidden.foreseen_shortfall(app_hidden.read_task(p_task_id)) is not null then
    return row(v_plan.recipients, v_plan.mails, null, 0, 'workspace quota')::app_public.task_forecast;
  end if;
  select coalesce(sum(p.mails_per_ms) * 3600000, 0), coalesce(sum(p.mails_per_ms * app_hidden.ms_until(v_end, least(p.begins_at, v_end))), 0)
    into v_per_hour, v_unbound from unnest(v_plan.paces) as p;
  v_able := app_hidden.capacity_of(v_plan.paces, v_end);
  return row(
    v_plan.recipients, v_plan.mails, v_plan.finishes_at, v_per_hour,
    case
      when v_per_hour = 0 or (v_plan.finishes_at is null and v_able = 0) then 'nothing may send'
      when v_plan.mails > 0 and v_unbound > v_able + 0.5 then 'quota'
      else 'pace'
    end)::app_public.task_forecast;
end;
$$;

revoke all on function app_public.forecast_task(uuid) from public;
grant execute on function app_public.forecast_task(uuid) to postilion_user, postilion_admin;
comment on function app_public.forecast_task(uuid) is
  'When a Task will have sent its last mail, launched or not, beside the other Tasks under way. Before launch it counts the recipients. Raises NTFND.';
