-- Inside a security definer function current_user is the owner; the setting still names the role that the request took.
create or replace function app_hidden.is_asked()
returns boolean
language plpgsql
stable
set search_path to pg_catalog, pg_temp
as $$
begin
  return current_setting('role', true) is not distinct from 'postilion_user';
end;
$$;

revoke all on function app_hidden.is_asked() from public;
comment on function app_hidden.is_asked() is
  'Whether the rights of a member are to be looked at: in a request of postilion_user. Every other role may what it was granted.';
