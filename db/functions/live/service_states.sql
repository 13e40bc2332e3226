-- It reads columns that nobody was granted, hence the definer. How much a service sends is told to members only where all whom it serves are
-- theirs: otherwise it would tell how much others send.
create or replace function app_public.service_states()
returns setof app_public.service_state
language sql
stable
security definer
set search_path to pg_catalog, app_public, app_hidden, pg_temp
as $$
  with mine as (
    select not app_hidden.is_asked() as every, case when app_hidden.is_asked() then app_hidden.workspaces_as('viewer') end as workspace_ids
  ), caller as (
    select every, workspace_ids, exists (select from app_public.workspaces w where w.id <> all (workspace_ids)) as has_others from mine
  ), seen as (
    select s, caller.every or not case
             when s.is_shared then caller.has_others
             else exists (select from app_public.email_service_grants g where g.email_service_id = s.id and g.workspace_id <> all (caller.workspace_ids))
           end as wholly
      from app_public.email_services s
     cross join caller
     where app_hidden.may_see_service(s.id)
  )
  select st.email_service_id, st.activity, st.until, st.reason, st.next_slot_at, case when wholly then st.used_quota end, st.daily_quota,
         case when wholly then st.in_flight end, st.sequence, case when wholly then st.hand_overs end
    from seen
   cross join lateral app_hidden.state_of_service(seen.s, app_hidden.current_time()) as st
   order by (seen.s).name;
$$;

revoke all on function app_public.service_states() from public;
grant execute on function app_public.service_states() to postilion_admin, postilion_user;
comment on function app_public.service_states() is 'Every service the caller may see, at this moment, by name.';
