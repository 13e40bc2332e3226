-- The one place that knows what a membership, an admin and a token are worth. It reads the tables at each call, so that what was taken
-- away ends with the next statement.
create or replace function app_hidden.roles_held()
returns table (workspace_id uuid, role app_public.member_role)
language sql
stable
rows 10
set search_path to pg_catalog, app_public, app_hidden, pg_temp
as $$
  select held.workspace_id, least(held.role, coalesce(nullif(current_setting('postilion.token_role', true), '')::app_public.member_role, held.role))
    from app_public.users u
   cross join lateral (
     select m.workspace_id, m.role from app_public.memberships m where m.user_id = u.id and not u.is_admin
      union all
     select w.id, 'manager' from app_public.workspaces w where u.is_admin
   ) as held
   where u.id = app_hidden.current_user_id()
     and not u.is_disabled
     and held.workspace_id = coalesce(nullif(current_setting('postilion.token_workspace_id', true), '')::uuid, held.workspace_id);
$$;

revoke all on function app_hidden.roles_held() from public;
comment on function app_hidden.roles_held() is
  'What the caller may in each workspace: as a member, as an admin in all, and never more than the API token that was shown.';
