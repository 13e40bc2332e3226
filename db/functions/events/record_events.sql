-- Nothing but the INSERT: the body is safe before anyone looks at it.
create or replace function app_private.record_events(p_providers text[], p_paths text[], p_headers jsonb[], p_bodies bytea[], p_service_ids uuid[])
returns void
language sql
volatile
security definer
set search_path to pg_catalog, app_public, pg_temp
as $$
  insert into app_public.event_logs (provider, path, headers, body, email_service_id)
  select * from unnest(p_providers, p_paths, p_headers, p_bodies, p_service_ids);
$$;

revoke all on function app_private.record_events(text[], text[], jsonb[], bytea[], uuid[]) from public;
grant execute on function app_private.record_events(text[], text[], jsonb[], bytea[], uuid[]) to postilion_worker, postilion_admin;
comment on function app_private.record_events(text[], text[], jsonb[], bytea[], uuid[]) is 'Records webhook bodies exactly as they came, one array a column.';
