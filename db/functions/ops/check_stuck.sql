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
         format('%s with a late worker, %s.', app_hidden.counted(count(*), 'mail'), app_hidden.counted((select pools from silent), 'silent worker'))
           || case when count(*) > 0 then format(' The longest for %s.', app_hidden.span_text(min(lease_expires_at), app_hidden.current_time())) else '' end,
         case when count(*) > 0 or (select pools from silent) > 0 then 'postilion repair pools leases. A worker that runs does so every 5 s: if they come back, look at its log.' else '' end,
         true, jsonb_build_object('late', count(*), 'silentWorkers', (select pools from silent))
    from late;
$$;

revoke all on function app_hidden.check_stuck() from public;
comment on function app_hidden.check_stuck() is 'Whether mails are held by workers that are gone.';
