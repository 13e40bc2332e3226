create or replace function app_hidden.plan_wake()
returns setof app_hidden.repair_step
language sql
stable
set search_path to pg_catalog, app_public, app_hidden, pg_temp
as $$
  select 'wake', s.id::text, app_hidden.clipped(s.name, 40), 1::bigint, 'has work due and no run to do it. The repair wakes it.'
    from app_hidden.idle_services() as s
   where s.freeze_reason is null or s.frozen_until > app_hidden.current_time();
$$;

revoke all on function app_hidden.plan_wake() from public;
comment on function app_hidden.plan_wake() is 'Services with work that nobody woke, but for those whose freeze is over.';
