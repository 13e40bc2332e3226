create or replace function app_hidden.all_lanes()
returns text[]
language plpgsql
stable
set search_path to pg_catalog, app_public, pg_temp
as $$
begin
  return array(select name from app_public.lanes);
end;
$$;

revoke all on function app_hidden.all_lanes() from public;
comment on function app_hidden.all_lanes() is 'The names of all lanes, with the nameless one.';
