create or replace function app_hidden.plan_thaw()
returns setof app_hidden.repair_step
language sql
stable
set search_path to pg_catalog, app_public, app_hidden, pg_temp
as $$
  select 'thaw', s.id::text, app_hidden.clipped(s.name, 40), 1::bigint,
         format('frozen until %s ago (%s), and still not at work. The repair wakes it.', app_hidden.span_text(s.frozen_until, app_hidden.current_time()), s.freeze_reason)
    from app_hidden.idle_services() as s
   where s.frozen_until <= app_hidden.current_time() and s.freeze_reason is not null;
$$;

revoke all on function app_hidden.plan_thaw() from public;
comment on function app_hidden.plan_thaw() is 'Services whose freeze is over and that nobody woke.';
