create or replace function app_hidden.check_success()
returns setof app_hidden.health_line
language sql
stable
set search_path to pg_catalog, app_public, app_hidden, pg_temp
as $$
  with day as materialized (
    select rolled_until from app_hidden.roll_up_progress
  ), told as materialized (
    select coalesce(s.name, 'no service') as name, sum(h.sent) as sent, sum(h.sent) + sum(h.failed) as decided,
           greatest(sum(h.sent) - sum(h.bounced), 0)::float8 as good, sum(h.hard_bounced) as hard, sum(h.complained) as complained
      from day join app_public.hourly_statistics h on h.hour >= day.rolled_until - interval '24 hours' and h.hour < day.rolled_until
      left join app_public.email_services s on s.id = h.service_id
     group by s.id
  ), summed as materialized (
    select sum(good) / nullif(sum(decided), 0) as rate, coalesce(sum(decided), 0) as decided,
           (select string_agg(format('%s %s %%', name, round((100 * good / decided)::numeric, 1)), ', ' order by good / decided, name) from told where decided >= 100 and good / decided < 0.95) as poor
      from told
  )
  select 'success',
         case when decided >= 100 and rate < 0.8 then 'critical' when (decided >= 100 and rate < 0.95) or poor is not null then 'warning' else 'ok' end,
         case when decided = 0 then 'Nothing was sent in the last 24 closed hours.'
              else format('%s %% of %s mails in the last 24 closed hours were taken and did not bounce.', round((100 * rate)::numeric, 1), decided) end || coalesce(' Under 95 %: ' || app_hidden.clipped(poor, 200) || '.', ''),
         case when (decided >= 100 and rate < 0.95) or poor is not null then 'postilion diagnose <task> says what the provider answered; consider freezing or switching off the service.' else '' end,
         false, jsonb_build_object('rate', rate, 'decided', decided)
    from summed;
$$;

revoke all on function app_hidden.check_success() from public;
comment on function app_hidden.check_success() is 'The success rate of the last 24 closed hours.';
