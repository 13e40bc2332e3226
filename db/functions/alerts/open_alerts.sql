create or replace function app_public.open_alerts()
returns app_public.alert_list
language plpgsql
stable
security definer
set search_path to pg_catalog, app_public, app_hidden, pg_temp
as $$
declare
  v_every boolean := not app_hidden.is_asked();
  v_workspace_ids uuid[] := case when not v_every then app_hidden.workspaces_as('viewer') end;
  v_list app_public.alert_list;
begin
  select coalesce(sum(number), 0) into v_list.sequence from app_hidden.alert_changes where v_every or workspace_id = any (v_workspace_ids);
  select count(*), coalesce((array_agg(id order by severity desc, opened_at desc, id))[1:100], '{}') into v_list.open_count, v_list.ids
    from app_public.alerts
   where resolved_at is null and (v_every or workspace_id = any (v_workspace_ids));
  return v_list;
end;
$$;

revoke all on function app_public.open_alerts() from public;
grant execute on function app_public.open_alerts() to postilion_admin, postilion_user;
comment on function app_public.open_alerts() is 'The open alerts that the caller may see, the gravest first.';
