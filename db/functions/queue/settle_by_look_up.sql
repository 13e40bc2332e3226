-- Only what can be nothing else settles: of the records of an address within the row's window, those that carry another SubTask's id are
-- explained; exactly one must be left, and no other mail to that address that might be its owner (handed over about then, of which no id is
-- known). Whatever is missing or ambiguous stays uncertain and is not sent again: an absent record proves nothing.
-- Rows are locked in id order (step 3) and judged in one later statement, so that a hand-over which is completed meanwhile is seen either
-- under way or with its id. No service is needed: the row left sending, and in_flight, long ago. What became of the mail is left to
-- webhooks and, an hour later, to reconciliation.
create or replace function app_private.settle_by_look_up(p_ids uuid[], p_recipients text[], p_message_ids text[], p_taken_at timestamptz[])
returns uuid[]
language plpgsql
volatile
security definer
set search_path to pg_catalog, app_public, app_hidden, pg_temp
as $$
declare
  v_settled uuid[];
begin
  perform from app_public.sub_tasks where id = any (p_ids) order by id for no key update;
  perform set_config('postilion.reason', 'look_up', true);
  with records as (
    select distinct r.recipient, r.message_id, r.taken_at
      from unnest(p_recipients, p_message_ids, p_taken_at) as r (recipient, message_id, taken_at)
  ), matches as (
    select st.id, min(r.message_id) as message_id, min(r.taken_at) as taken_at
      from app_public.sub_tasks st
      join app_public.sub_task_mails m on m.sub_task_id = st.id
      join records r on r.recipient = m.recipient_email and r.taken_at <@ app_hidden.hand_over_window(st)
     where st.id = any (p_ids) and st.status = 'uncertain'
       and not exists (select from app_public.sub_tasks other where other.message_id = r.message_id and other.id <> st.id)
       and not exists (select from app_hidden.rivals(m.recipient_email, app_hidden.hand_over_window(st)) as rival where rival <> st.id)
     group by st.id
    having count(*) = 1
  ), settled as (
    update app_public.sub_tasks st
       set status = 'sent', phase = 'over', sent_at = greatest(st.handed_over_at, f.taken_at), message_id = f.message_id,
           error_code = null, error_message = null, provider_response = 'found in the provider''s record'
      from matches f
     where st.id = f.id
    returning st.id
  )
  select coalesce(array_agg(s.id order by s.id), '{}') into v_settled from settled s;
  perform app_hidden.follow_evidence(v_settled);
  return v_settled;
end;
$$;

revoke all on function app_private.settle_by_look_up(uuid[], text[], text[], timestamptz[]) from public;
grant execute on function app_private.settle_by_look_up(uuid[], text[], text[], timestamptz[]) to postilion_worker;
comment on function app_private.settle_by_look_up(uuid[], text[], text[], timestamptz[]) is
  'Settles uncertain SubTasks by what the provider''s record says it took (all records of their addresses within their windows, one array a column): those with exactly one record that can be no other mail''s become sent. Answers which.';
