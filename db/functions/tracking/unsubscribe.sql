-- The event is recorded beside this and applied by a job, some 100 ms later or, with a full inbox, much later. Who was told "you are
-- unsubscribed" must not get a mail that is begun afterwards; so the suppression, which each hand-over asks for, is committed before the answer.
-- The job finds it done and changes nothing but the SubTask's own times.
-- Lock order: contacts. No SubTask is touched: those that wait are refused when their turn comes, however many they are.
-- The event is made by names, so that the type may grow.
create or replace function app_private.unsubscribe(p_tracking_id text)
returns table (language text, sender_name text, masked_address text)
language plpgsql
volatile
security definer
set search_path to pg_catalog, app_public, app_hidden, app_private, pg_temp
as $$
declare
  v_sub_task_id uuid := (select m.sub_task_id from app_public.sub_task_mails m where m.tracking_id = p_tracking_id);
begin
  perform app_hidden.apply_to_contacts(array[jsonb_populate_record(
    null::app_hidden.resolved_event, jsonb_build_object('sub_task_id', v_sub_task_id, 'kind', 'unsubscribe'))]);
  return query select * from app_private.unsubscribe_context(p_tracking_id);
end;
$$;

revoke all on function app_private.unsubscribe(text) from public;
grant execute on function app_private.unsubscribe(text) to postilion_worker, postilion_admin;
comment on function app_private.unsubscribe(text) is
  'Suppresses the address of a mail in its workspace at once, and says so of its Contact; may be called again. Answers as unsubscribe_context; no row: there is no such mail, and nothing was done.';
