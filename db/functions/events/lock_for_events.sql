-- A soft bounce counts together with the address's other mails, so those are locked as well: of two transactions that bring a bounce and a
-- delivery at once, the later sees what the earlier wrote.
create or replace function app_hidden.lock_for_events(p_events app_hidden.resolved_event[])
returns void
language plpgsql
volatile
set search_path to pg_catalog, app_public, app_hidden, pg_temp
as $$
declare
  v_ids uuid[] := array(
    select e.sub_task_id from unnest(p_events) as e
    union
    select st.id
      from (select distinct b.sub_task_id from unnest(p_events) as b where b.kind = 'soft_bounce') as bounced
      join app_public.sub_task_mails theirs on theirs.sub_task_id = bounced.sub_task_id
      join app_public.sub_task_mails m on m.recipient_email = theirs.recipient_email
      join app_public.sub_tasks st on st.id = m.sub_task_id
     where st.handed_over_at is not null);
begin
  perform from app_public.sub_tasks where id = any (v_ids) order by id for no key update;
end;
$$;

revoke all on function app_hidden.lock_for_events(app_hidden.resolved_event[]) from public;
comment on function app_hidden.lock_for_events(app_hidden.resolved_event[]) is 'Locks the SubTasks that events concern, in id order.';
