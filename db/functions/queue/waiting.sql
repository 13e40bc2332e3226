create or replace function app_hidden.waiting(p_outcome text, p_until timestamptz, p_now timestamptz)
returns app_private.claim
language plpgsql
stable
set search_path to pg_catalog, app_private, pg_temp
as $$
begin
  return row(p_outcome, app_hidden.ms_until(p_until, p_now), null, null, null)::app_private.claim;
end;
$$;

revoke all on function app_hidden.waiting(text, timestamptz, timestamptz) from public;
comment on function app_hidden.waiting(text, timestamptz, timestamptz) is 'A claim that got nothing, with the wait.';
