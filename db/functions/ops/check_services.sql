create or replace function app_hidden.check_services()
returns setof app_hidden.health_line
language sql
stable
set search_path to pg_catalog, app_public, app_hidden, app_private, pg_temp
as $$
  with called as materialized (
    select name, is_running from app_private.roll_call()
  ), frozen as materialized (
    select name, freeze_reason, frozen_until from app_public.email_services
     where is_enabled and not is_stopped and frozen_until > (select app_hidden.current_time()) and freeze_reason is not null
     order by frozen_until desc, name
  ), able as materialized (
    select count(*) as enabled, count(*) filter (where is_stopped) as stopped from app_public.email_services where is_enabled
  )
  select 'services', case when count(*) > count(*) filter (where is_running) then 'critical' else 'ok' end,
         case when count(*) = 0 then 'No service has work now.'
              when count(*) = count(*) filter (where is_running) then format('Running: %s of %s with work.', count(*), count(*))
              else format('Standing still, with work to do: %s (%s of %s).', app_hidden.clipped(string_agg(name, ', ' order by name) filter (where not is_running), 200),
                     count(*) filter (where not is_running), count(*)) end,
         case when count(*) > count(*) filter (where is_running) then 'A running worker wakes them within 10 s. If they stay: postilion repair thaw wake. If they come back: the log of postilion work has an error at each attempt.' else '' end,
         true, jsonb_build_object('running', count(*) filter (where is_running), 'withWork', count(*))
    from called
  union all
  select 'frozen', case when count(*) >= (select enabled from able) then 'critical' else 'warning' end,
         format('Frozen: %s of %s. %s: %s (for another %s).', count(*), (select enabled from able), (array_agg(name))[1],
           app_hidden.clipped((array_agg(freeze_reason))[1], 150), app_hidden.span_text((array_agg(frozen_until))[1], app_hidden.current_time())),
         'See to what the provider says. Each is tried again by itself.', false, jsonb_build_object('frozen', count(*))
    from frozen having count(*) > 0
  union all
  select 'stopped', 'warning', format('All sending is stopped (%s).', app_hidden.counted(stopped, 'service')), 'When the reason is gone: startSending.', false, jsonb_build_object('stopped', stopped)
    from able where stopped > 0;
$$;

revoke all on function app_hidden.check_services() from public;
comment on function app_hidden.check_services() is 'Whether every service that has work runs, and which are frozen for a fault.';
