-- Both are written in one transaction under the service's lock, so in one snapshot a difference is a mistake.
create or replace function app_hidden.plan_slots()
returns setof app_hidden.repair_step
language sql
stable
set search_path to pg_catalog, app_public, app_hidden, pg_temp
as $$
  select 'slots', s.id::text, app_hidden.clipped(s.name, 40), abs(s.in_flight - counted.mails),
         format('counts %s under way, its rows say %s. The repair counts anew.', s.in_flight, counted.mails)
    from app_public.email_services s
   cross join lateral (select count(*) as mails from app_public.sub_tasks st where st.service_id = s.id and st.phase = 'under_way') as counted
   where s.in_flight <> counted.mails
   order by s.id;
$$;

revoke all on function app_hidden.plan_slots() from public;
comment on function app_hidden.plan_slots() is 'Services whose count of mails under way is not what the rows say.';
