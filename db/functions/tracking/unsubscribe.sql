-- The event is recorded beside this and applied by a job, some 100 ms later or, with a full inbox, much later. Who was told "you are
-- unsubscribed" must not get a mail that is begun afterwards; so the suppression, which each hand-over asks for, is committed before the answer.
-- The job finds it done and changes nothing but the SubTask's own times.
-- Lock order: contacts, after the suppression as everywhere. No SubTask is touched: those that wait are refused when their turn comes, however many they are.
create or replace function app_private.unsubscribe(p_tracking_id text)
returns table (language text, sender_name text, masked_address text)
language plpgsql
volatile
security definer
set search_path to pg_catalog, app_public, app_hidden, app_private, pg_temp
as $$
begin
  perform app_hidden.suppress(array(
    select row(t.workspace_id, m.recipient_email, m.contact_id, 'unsubscribe')::app_hidden.address_verdict
      from app_public.sub_task_mails m
      join app_public.tasks t on t.id = m.task_id
     where m.tracking_id = p_tracking_id));
  return query select * from app_private.unsubscribe_context(p_tracking_id);
end;
$$;

revoke all on function app_private.unsubscribe(text) from public;
grant execute on function app_private.unsubscribe(text) to postilion_worker, postilion_admin;
comment on function app_private.unsubscribe(text) is
  'Suppresses the address of a mail in its workspace at once, and says so of its Contact; may be called again. Answers as unsubscribe_context; no row: there is no such mail, and nothing was done.';
