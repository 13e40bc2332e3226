create or replace function app_hidden.idle_services()
returns setof app_public.email_services
language sql
stable
set search_path to pg_catalog, app_public, app_hidden, pg_temp
as $$
  select s.*
    from app_public.email_services s
   where s.is_enabled and not s.is_stopped
     and not app_hidden.service_is_attended(s, app_hidden.current_time())
     and app_hidden.next_run_at(s) < app_hidden.current_time() + interval '10 s'
   order by s.id;
$$;

revoke all on function app_hidden.idle_services() from public;
comment on function app_hidden.idle_services() is 'Services that have work due within 10 s and nothing under way to begin it.';
