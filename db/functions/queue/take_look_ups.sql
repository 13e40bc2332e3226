-- A service is taken by whoever writes its look-up, before anything is asked: however many ask at once, one does. The provider keeps its
-- answers for 10 minutes, so asking sooner tells nothing new. Newest first: when there are more than p_limit, the older ones were asked for
-- while they were new.
create or replace function app_private.take_look_ups(p_limit integer)
returns table (email_service_id uuid, sub_task_id uuid, recipient_email text, from_time timestamptz, until_time timestamptz)
language plpgsql
volatile
security definer
set search_path to pg_catalog, app_public, app_hidden, pg_temp
as $$
declare
  v_now timestamptz := app_hidden.current_time();
  v_since timestamptz := v_now - interval '72 hours';
begin
  return query
  with taken as (
    insert into app_hidden.look_ups as known (email_service_id, looked_up_at)
    select s.id, v_now
      from app_public.email_services s
     where s.is_enabled
       and (select true from app_public.sub_tasks st
             where st.service_id = s.id and st.phase = 'in_doubt' and st.uncertain_at > v_since
             order by st.uncertain_at limit 1)
     order by s.id
    on conflict on constraint look_ups_pkey do update set looked_up_at = excluded.looked_up_at
     where known.looked_up_at <= excluded.looked_up_at - interval '10 minutes'
    returning known.email_service_id
  )
  select taken.email_service_id, doubtful.id, m.recipient_email, lower(doubtful.span), upper(doubtful.span)
    from taken
   cross join lateral (
     select st.id, app_hidden.hand_over_window(st) as span
       from app_public.sub_tasks st
      where st.service_id = taken.email_service_id and st.phase = 'in_doubt' and st.uncertain_at > v_since
      order by st.uncertain_at desc
      limit p_limit) as doubtful
    join app_public.sub_task_mails m on m.sub_task_id = doubtful.id
   order by taken.email_service_id, doubtful.id;
end;
$$;

revoke all on function app_private.take_look_ups(integer) from public;
grant execute on function app_private.take_look_ups(integer) to postilion_worker;
comment on function app_private.take_look_ups(integer) is
  'Takes every enabled service with SubTasks uncertain for less than 72 hours that was not looked up for 10 minutes, and answers up to p_limit of them each: for whom, and between which times the provider may have taken them.';
