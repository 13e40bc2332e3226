-- A member sees the services that their workspaces may use; it reads columns that nobody was granted, hence the definer.
create or replace function app_public.service_states()
returns setof app_public.service_state
language sql
stable
security definer
set search_path to pg_catalog, app_public, app_hidden, pg_temp
as $$
  with visible as (select not app_hidden.is_asked() as every, case when app_hidden.is_asked() then app_hidden.workspaces_as('viewer') end as workspace_ids)
  select state.*
    from app_public.email_services s
   cross join visible
   cross join lateral app_hidden.state_of_service(s, app_hidden.current_time()) as state
   where visible.every
      or (s.is_shared and cardinality(visible.workspace_ids) > 0)
      or exists (select from app_public.email_service_grants g where g.email_service_id = s.id and g.workspace_id = any (visible.workspace_ids))
   order by s.name;
$$;

revoke all on function app_public.service_states() from public;
grant execute on function app_public.service_states() to postilion_admin, postilion_user;
comment on function app_public.service_states() is 'Every service the caller may see, at this moment, by name.';
