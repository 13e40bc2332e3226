create or replace function app_hidden.require_user(p_user_id uuid)
returns void
language plpgsql
stable
set search_path to pg_catalog, app_public, pg_temp
as $$
begin
  if not exists (select from app_public.users where id = p_user_id) then
    raise exception 'userId: there is no user %', p_user_id using errcode = 'NTFND';
  end if;
end;
$$;

revoke all on function app_hidden.require_user(uuid) from public;
comment on function app_hidden.require_user(uuid) is 'Raises NTFND when there is no such user.';
