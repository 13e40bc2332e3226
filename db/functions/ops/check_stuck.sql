create or replace function app_hidden.check_stuck()
returns setof app_hidden.health_line
language sql
stable
set search_path to pg_catalog, app_public, app_hidden, app_private, pg_temp
as $$
  with late as materialized (
    select lease_expires_at from app_public.sub_tasks where phase = 'under_way' and lease_expires_at <= (select app_hidden.current_time())
  ), silent as materialized (
    select count(*) as pools from app_private.silent_pools()
  )
  select 'stuck',
         case when min(lease_expires_at) < app_hidden.current_time() - interval '10 minutes' then 'critical'
              when count(*) > 0 or (select pools from silent) > 0 then 'warning' else 'ok' end,
         case when count(*) = 0 and (select pools from silent) = 0 then 'Every mail under way has a worker that answers.'
              else concat_ws(' ',
                case when count(*) > 0 then format('%s in the hands of a worker that is late, the longest by %s.', app_hidden.counted(count(*), 'mail'), app_hidden.span_text(min(lease_expires_at), app_hidden.current_time())) end,
                case when (select pools from silent) > 0 then format('%s without a sign of life for 15 s.', app_hidden.counted((select pools from silent), 'worker')) end) end,
         case when count(*) > 0 or (select pools from silent) > 0
              then 'A running worker sees to it within 60 s; what was being handed over becomes uncertain, and is never sent blindly again. If it stays: postilion repair pools leases. If it comes back: look at the log of that worker.' else '' end,
         true, jsonb_build_object('late', count(*), 'silentWorkers', (select pools from silent))
    from late;
$$;

revoke all on function app_hidden.check_stuck() from public;
comment on function app_hidden.check_stuck() is 'Whether mails are held by workers that are gone.';
