create or replace function app_public.workspaces_left_this_month(p_workspace app_public.workspaces)
returns integer
language sql
stable
security definer
set search_path to pg_catalog, app_public, app_hidden, pg_temp
as $$
  select greatest(p_workspace.monthly_quota - app_public.workspaces_used_this_month(p_workspace), 0)
   where p_workspace.monthly_quota is not null and app_hidden.may_see_workspace(p_workspace.id);
$$;

revoke all on function app_public.workspaces_left_this_month(app_public.workspaces) from public;
grant execute on function app_public.workspaces_left_this_month(app_public.workspaces) to postilion_user, postilion_admin;
comment on function app_public.workspaces_left_this_month(app_public.workspaces) is
  'How many mails of its monthly quota are left (UTC); null: any number.';
