-- Names are people's choice, so only so many become labels. Which of them run the supervisor knows by its roll call.
create or replace function app_hidden.gauges_of_services()
returns setof app_hidden.gauge
language sql
stable
set search_path to pg_catalog, app_public, app_hidden, pg_temp
as $$
  with able as materialized (
    select s.id, s.name, s.is_stopped, s.freeze_reason is not null and s.frozen_until > app_hidden.current_time() as is_frozen,
           app_hidden.quota_left(s, app_hidden.current_time()) as quota_left
      from app_public.email_services s
     where s.is_enabled
  ), shown as materialized (
    select * from able order by name limit 200
  )
  select 'services', state.name, state.number::double precision
    from (select count(*) as enabled, count(*) filter (where is_stopped) as stopped, count(*) filter (where is_frozen) as frozen from able) as a
   cross join lateral (values ('enabled', enabled), ('stopped', stopped), ('frozen', frozen)) as state (name, number)
  union all
  select 'service_frozen', name, is_frozen::integer from shown
  union all
  select 'service_quota_left_mails', name, quota_left from shown where quota_left < 2147483647
  union all
  select 'service_unheard', s.name, 1 from shown s join app_hidden.silent_services() as silent on silent.email_service_id = s.id;
$$;

revoke all on function app_hidden.gauges_of_services() from public;
comment on function app_hidden.gauges_of_services() is
  'How many services are enabled, stopped, and frozen for a fault; of the first 200 by name: whether each is frozen, what is left of its quota (where it has one), and which are not heard of.';
