-- The caller holds the service and the rows. In a cancelled Task every way back to pending ends in cancelled.
create or replace function app_hidden.give_back(p_service_id uuid, p_ids uuid[])
returns integer
language plpgsql
volatile
set search_path to pg_catalog, app_public, app_hidden, pg_temp
as $$
declare
  v_count integer;
  v_same_day integer := 0;
  v_lane record;
begin
  if cardinality(p_ids) = 0 then
    return 0;
  end if;
  for v_lane in
    select st.lane, st.quota_day, count(*)::integer as mails
      from app_public.sub_tasks st join app_public.email_services s on s.id = p_service_id and s.quota_day = st.quota_day
     where st.id = any (p_ids) and st.status = 'allocated'
     group by st.lane, st.quota_day
  loop
    v_same_day := v_same_day + v_lane.mails;
    perform app_hidden.count_into_lane(p_service_id, v_lane.lane, v_lane.quota_day, -v_lane.mails);
  end loop;
  update app_public.sub_tasks st
     set status = case when t.status = 'cancelled' then 'cancelled' else 'pending' end::app_public.sub_task_status,
         phase = case when t.status = 'cancelled' then 'over' else 'waiting' end::app_public.sub_task_phase,
         cancelled_at = case when t.status = 'cancelled' then app_hidden.current_time() end,
         available_at = '-infinity', service_id = null, claim_token = null, claimed_by = null, lease_expires_at = null, scheduled_at = null,
         quota_day = null, sender_email = 'pending'
    from app_public.tasks t
   where st.id = any (p_ids) and st.status = 'allocated' and t.id = st.task_id;
  get diagnostics v_count = row_count;
  update app_public.email_services
     set in_flight = in_flight - v_count, used_quota = greatest(used_quota - v_same_day, 0)
   where id = p_service_id;
  return v_count;
end;
$$;

revoke all on function app_hidden.give_back(uuid, uuid[]) from public;
comment on function app_hidden.give_back(uuid, uuid[]) is
  'Returns claimed, not yet begun rows of a locked service to pending, with their quota when the day is still the same. Answers how many.';
