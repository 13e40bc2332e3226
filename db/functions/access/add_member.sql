create or replace function app_public.add_member(p_workspace_id uuid, p_email text, p_role app_public.member_role)
returns app_public.memberships
language plpgsql
volatile
security definer
set search_path to pg_catalog, app_public, app_hidden, pg_temp
as $$
declare
  v_user_id uuid;
  v_membership app_public.memberships;
begin
  perform app_hidden.demand('manager', p_workspace_id);
  select id into v_user_id from app_public.users where email = lower(btrim(p_email));
  if not found then
    raise exception 'email: no user has this address' using errcode = 'BADIN';
  end if;
  insert into app_public.memberships (workspace_id, user_id, role) values (p_workspace_id, v_user_id, p_role)
      on conflict (workspace_id, user_id) do nothing
  returning * into v_membership;
  if not found then
    raise exception 'email: this user is a member already' using errcode = 'BADIN';
  end if;
  return v_membership;
end;
$$;

revoke all on function app_public.add_member(uuid, text, app_public.member_role) from public;
grant execute on function app_public.add_member(uuid, text, app_public.member_role) to postilion_user, postilion_admin;
comment on function app_public.add_member(uuid, text, app_public.member_role) is
  'Makes the user with this address a member of a workspace. Raises BADIN, naming the field, when nobody has it or they are a member already.';
