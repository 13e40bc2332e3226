-- A mail that waits here and is in the provider's record was sent in the time that this database has no memory of. An address with fewer
-- records than waiting mails does not say which of them: then all of them wait for a person. A record that another mail explains tells nothing.
-- A row goes by sending, as all do, so that ledger and statistics tell the same; no slot of a service is involved.
create or replace function app_hidden.settle_restored(
  p_since timestamptz, p_service_ids uuid[], p_recipients text[], p_message_ids text[], p_taken_at timestamptz[])
returns integer
language plpgsql
volatile
set search_path to pg_catalog, app_public, app_hidden, pg_temp
as $$
declare
  v_ids uuid[];
begin
  perform set_config('postilion.reason', 'after_restore', true);
  perform from app_public.sub_tasks st join app_public.sub_task_mails m on m.sub_task_id = st.id
    where m.recipient_email = any (p_recipients) and st.status = 'pending' order by st.id for no key update of st;
  with records as (
    select distinct on (r.message_id) r.*
      from unnest(p_service_ids, p_recipients, p_message_ids, p_taken_at) as r (service_id, recipient, message_id, taken_at)
     where r.taken_at >= p_since - interval '1 minute'
       and not exists (select from app_public.sub_tasks st where st.message_id = r.message_id)
  ), numbered as (
    select r.*, row_number() over (partition by r.recipient order by r.taken_at) as number, count(*) over (partition by r.recipient) as total
      from records r
  ), waiting as (
    select st.id, m.recipient_email, sender.name as sender, row_number() over (partition by m.recipient_email order by st.id) as number,
           count(*) over (partition by m.recipient_email) as total
      from app_public.sub_tasks st
      join app_public.sub_task_mails m on m.sub_task_id = st.id
      join app_public.tasks t on t.id = st.task_id
      join app_public.senders sender on sender.id = t.sender_id
     where m.recipient_email = any (p_recipients) and st.status = 'pending' and t.status = 'paused'
  ), begun as (
    update app_public.sub_tasks st
       set status = 'sending', phase = 'under_way', service_id = n.service_id, claim_token = gen_random_uuid(), lease_expires_at = n.taken_at,
           attempts = attempts + 1, sender_email = w.sender || '@' || s.domain, scheduled_at = n.taken_at, handed_over_at = n.taken_at, sent_at = n.taken_at, message_id = n.message_id
      from waiting w join numbered n on n.recipient = w.recipient_email and n.number = w.number and n.total >= w.total
      join app_public.email_services s on s.id = n.service_id
     where st.id = w.id
    returning st.id
  )
  select coalesce(array_agg(id order by id), '{}') into v_ids from begun;
  update app_public.sub_tasks
     set status = 'sent', phase = 'over', lease_expires_at = null, provider_response = 'found in the provider''s record after a restore'
   where id = any (v_ids);
  perform app_hidden.follow_evidence(v_ids);
  return cardinality(v_ids);
end;
$$;

revoke all on function app_hidden.settle_restored(timestamptz, uuid[], text[], text[], timestamptz[]) from public;
comment on function app_hidden.settle_restored(timestamptz, uuid[], text[], text[], timestamptz[]) is
  'Marks waiting mails of paused Tasks as sent that a provider''s record, one array a column, says it took since that moment. Answers how many.';
