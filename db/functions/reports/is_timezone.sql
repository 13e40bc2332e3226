create or replace function app_hidden.is_timezone(p_name text)
returns boolean
language plpgsql
stable
set search_path to pg_catalog, pg_temp
as $$
begin
  perform timestamptz 'epoch' at time zone p_name;
  return p_name is not null;
exception when invalid_parameter_value then
  return false;
end;
$$;

revoke all on function app_hidden.is_timezone(text) from public;
comment on function app_hidden.is_timezone(text) is 'Whether the database knows a time zone of this name.';
