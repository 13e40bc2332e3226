create or replace function app_hidden.holds(p_user_id uuid, p_role app_public.member_role, p_workspace_id uuid)
returns boolean
language sql
stable
set search_path to pg_catalog, app_public, pg_temp
as $$
  select exists (select from app_public.memberships where user_id = p_user_id and workspace_id = p_workspace_id and role >= p_role)
      or exists (select from app_public.workspaces w, app_public.users u where w.id = p_workspace_id and u.id = p_user_id and u.is_admin);
$$;

revoke all on function app_hidden.holds(uuid, app_public.member_role, uuid) from public;
comment on function app_hidden.holds(uuid, app_public.member_role, uuid) is
  'Whether a user, whoever asks, holds a role in a workspace; an admin holds every one in every workspace there is.';
