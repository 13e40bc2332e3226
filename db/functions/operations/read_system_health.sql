create or replace function app_public.read_system_health()
returns jsonb
language sql
stable
security definer
set search_path to pg_catalog, ops, app_hidden, pg_temp
as $$
  select jsonb_build_object('at', app_hidden.current_time(), 'checks', jsonb_agg(jsonb_build_object(
           'name', h.name, 'state', h.state, 'says', h.says, 'remedy', h.remedy, 'mayPass', h.may_pass, 'numbers', h.numbers) order by h.ordinality))
    from ops.read_health() with ordinality as h;
$$;

revoke all on function app_public.read_system_health() from public;
grant execute on function app_public.read_system_health() to postilion_admin;
comment on function app_public.read_system_health() is 'ops.read_health for admins.';
