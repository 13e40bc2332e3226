create or replace function app_hidden.require_token_terms(
  p_user_id uuid,
  p_role app_public.member_role,
  p_workspace_id uuid,
  p_is_admin boolean,
  p_expires_at timestamptz
)
returns void
language plpgsql
stable
set search_path to pg_catalog, app_public, app_hidden, pg_temp
as $$
declare
  v_is_admin boolean := (select is_admin from app_public.users where id = p_user_id);
begin
  perform app_hidden.require_user(p_user_id);
  if p_is_admin and not v_is_admin then
    raise exception 'isAdmin: only an admin can have a token of an admin' using errcode = 'BADIN';
  elsif p_is_admin and (p_role <> 'manager' or p_workspace_id is not null) then
    raise exception 'isAdmin: the token of an admin is a manager of every workspace' using errcode = 'BADIN';
  elsif p_expires_at <= app_hidden.current_time() then
    raise exception 'expiresAt: expected a time to come' using errcode = 'BADIN';
  elsif p_workspace_id is not null and not app_hidden.holds(p_user_id, p_role, p_workspace_id) then
    raise exception 'workspaceId: there the user is no %', p_role using errcode = 'BADIN';
  end if;
end;
$$;

revoke all on function app_hidden.require_token_terms(uuid, app_public.member_role, uuid, boolean, timestamptz) from public;
comment on function app_hidden.require_token_terms(uuid, app_public.member_role, uuid, boolean, timestamptz) is
  'Raises BADIN, naming the field, when a user can not give such an API token; NTFND when there is no such user.';
