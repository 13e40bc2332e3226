-- Shares follow what each service can send while the Task is served; rounded as running sums, so that they add up to all its mails.
create or replace function app_public.forecast_task_services(p_task_id uuid)
returns setof app_public.task_forecast_service
language plpgsql
stable
security definer
set search_path to pg_catalog, app_public, app_hidden, pg_temp
as $$
begin
  perform app_hidden.demand_task('viewer', p_task_id);
  return query
    with plan as materialized (
      select *, coalesce(finishes_at, begins_at + interval '9600 hours') as ends_at from app_hidden.forecast_plan(p_task_id)
    ), able as (
      select p.number, p.email_service_id, p.name, p.mails_per_ms, p.pace, plan.mails, plan.begins_at, plan.finishes_at,
             app_hidden.capacity_by(p.pace, plan.ends_at) as by_end,
             app_hidden.capacity_by(p.pace, plan.ends_at) - app_hidden.capacity_by(p.pace, coalesce(plan.served_from, plan.begins_at)) as sends
        from plan
       cross join lateral (
         select one.number, one.email_service_id, one.name, one.mails_per_ms,
                (one.email_service_id, one.name, one.mails_per_ms, one.begins_at, one.first_quota, one.daily_quota, one.next_caps, one.timezone)::app_hidden.service_pace as pace
           from unnest(plan.paces) with ordinality
                  as one (email_service_id, name, mails_per_ms, begins_at, first_quota, daily_quota, next_caps, timezone, number)
       ) as p
    ), shared as (
      select *, coalesce(mails * sum(sends) over (order by number) / nullif(sum(sends) over (), 0), 0) as upto,
             coalesce(mails * sends / nullif(sum(sends) over (), 0), 0) as part
        from able
    )
    select email_service_id, name, mails_per_ms * 3600000, (round(upto) - round(upto - part))::integer,
           case when finishes_at is not null and part > 0 then app_hidden.capacity_reached_at(array[pace], by_end, begins_at) end
      from shared
     order by number;
end;
$$;

revoke all on function app_public.forecast_task_services(uuid) from public;
grant execute on function app_public.forecast_task_services(uuid) to postilion_user, postilion_admin;
comment on function app_public.forecast_task_services(uuid) is
  'What each enabled service that may serve a Task will do for it: its rate, its share of the mails, and when it is done. Raises NTFND.';
