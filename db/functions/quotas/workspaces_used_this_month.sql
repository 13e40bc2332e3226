create or replace function app_public.workspaces_used_this_month(p_workspace app_public.workspaces)
returns integer
language sql
stable
security definer
set search_path to pg_catalog, app_public, app_hidden, pg_temp
as $$
  select app_hidden.used_in_month(p_workspace.id, app_hidden.quota_month(app_hidden.current_time()))
   where app_hidden.may_see_workspace(p_workspace.id);
$$;

revoke all on function app_public.workspaces_used_this_month(app_public.workspaces) from public;
grant execute on function app_public.workspaces_used_this_month(app_public.workspaces) to postilion_user, postilion_admin;
comment on function app_public.workspaces_used_this_month(app_public.workspaces) is
  'How many mails its Tasks have sent or reserved this month (UTC).';
