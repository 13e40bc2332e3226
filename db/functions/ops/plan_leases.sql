create or replace function app_hidden.plan_leases(p_task_id uuid default null)
returns setof app_hidden.repair_step
language sql
stable
set search_path to pg_catalog, app_public, app_hidden, pg_temp
as $$
  select 'leases', s.id::text, app_hidden.clipped(s.name, 40), count(*),
         format('mails held by workers that are late, the longest by %s. The repair has what was only claimed wait again; what was being handed over becomes uncertain.',
           app_hidden.span_text(min(st.lease_expires_at), app_hidden.current_time()))
    from app_public.sub_tasks st join app_public.email_services s on s.id = st.service_id
   where st.phase = 'under_way' and st.lease_expires_at <= (select app_hidden.current_time()) and (p_task_id is null or st.task_id = p_task_id)
   group by s.id
   order by s.id;
$$;

revoke all on function app_hidden.plan_leases(uuid) from public;
comment on function app_hidden.plan_leases(uuid) is 'Leases that have run out and were not settled, by service.';
