create or replace function app_public.inbox_backlog()
returns integer
language sql
stable
security definer
set search_path to pg_catalog, app_public, pg_temp
as $$
  select count(*)::integer from app_public.event_logs where processed_at is null;
$$;

revoke all on function app_public.inbox_backlog() from public;
grant execute on function app_public.inbox_backlog() to postilion_admin;
comment on function app_public.inbox_backlog() is 'How many recorded webhooks are not applied yet.';
