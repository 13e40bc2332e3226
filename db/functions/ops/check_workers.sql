create or replace function app_hidden.check_workers()
returns setof app_hidden.health_line
language sql
stable
set search_path to pg_catalog, app_public, app_hidden, pg_temp
as $$
  with look as materialized (
    select count(*) filter (where kind = 'send') as send, count(*) filter (where kind = 'other') as other,
           (select true from app_public.tasks where status in ('scheduled', 'generating', 'queued', 'sending') limit 1) as is_needed
      from app_hidden.worker_pools
     where seen_at > (select app_hidden.current_time()) - interval '15 s'
  )
  select 'workers', case when send > 0 and other > 0 then 'ok' when is_needed then 'critical' else 'warning' end,
         case when send > 0 and other > 0 then format('%s to send, %s for the rest.', app_hidden.counted(send, 'runner'), other)
              when send + other = 0 then 'No worker is running.'
              else format('%s to send, %s for the rest: one kind is missing.', app_hidden.counted(send, 'runner'), other) end,
         case when send > 0 and other > 0 then '' else 'Start one: postilion work. If it ends at once, its log says why.' end,
         false, jsonb_build_object('send', send, 'other', other)
    from look;
$$;

revoke all on function app_hidden.check_workers() from public;
comment on function app_hidden.check_workers() is 'Whether somebody works.';
