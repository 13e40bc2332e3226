-- Commits the hand-over before the provider is called. From here on a crash means "uncertain", never a second mail; before it, the row is
-- safe to give back. The token fences a worker whose lease was taken over while it slept: it is refused, not obeyed.
-- Task, suppression and freeze are read after the rows are locked, in a statement of its own, so that a pause which has returned is seen.
-- The rows are found by primary key alone: a predicate on status would let the planner choose the partial index on in-flight rows and walk
-- its dead entries (7,000 buffers for 20 rows under a held snapshot), hence `status || ''`.
-- It may be asked up to 200 ms before the thaw, by a worker that waits out the rest before it writes: the commit then costs the pace nothing.
-- One fsync in fifty took 50 to 280 ms on a disk shared with others; with 20 ms allowed, a mail was 7 ms late on average for that alone.
-- Plans are generic, see complete_sends.
-- Over 40 lines for the answer's columns: the mail leaves the database in the statement that says it may.
create or replace function app_private.begin_sends(p_claim_token uuid, p_ids uuid[])
returns table (
  id uuid, refusal text, recipient_email text, sender_email text, sender_display_name text, reply_to text, subject text, html text, plain text,
  tracking_id text, task_id uuid, refusals integer, track_opens boolean, track_clicks boolean
)
language plpgsql
volatile
security definer
set search_path to pg_catalog, app_public, app_hidden, pg_temp
set plan_cache_mode to force_generic_plan
as $$
declare
  v_now timestamptz;
begin
  perform from app_public.sub_tasks st where st.id = any (p_ids) order by st.id for no key update;
  v_now := app_hidden.current_time();
  return query
  with judged as (
    select st.id, case
             when st.claim_token is distinct from p_claim_token or st.status || '' <> 'allocated' then 'LEASE'
             when not app_hidden.task_may_send(t.status) then 'HALTD'
             when not s.is_enabled or s.is_stopped then 'HALTD'
             when s.frozen_until > v_now + interval '200 ms' then 'FROZN'
             when exists (select from app_public.suppressions p where p.workspace_id = t.workspace_id and p.email = st.recipient_email) then 'SUPPR'
           end as refusal, s.lease_ms, t.track_opens, t.track_clicks, t.sender_id
      from app_public.sub_tasks st
      join app_public.tasks t on t.id = st.task_id
      left join app_public.email_services s on s.id = st.service_id
     where st.id = any (p_ids)
  ), begun as (
    update app_public.sub_tasks st
       set status = 'sending', handed_over_at = v_now, attempts = st.attempts + 1, lease_expires_at = v_now + j.lease_ms * interval '1 ms'
      from judged j
     where st.id = j.id and j.refusal is null
    returning st.*
  )
  select j.id, j.refusal, b.recipient_email, b.sender_email, sender.display_name, sender.reply_to, b.rendered_subject, b.rendered_body,
         b.rendered_text, b.tracking_id, b.task_id, b.refusals::integer, j.track_opens, j.track_clicks
    from judged j
    left join begun b on b.id = j.id
    left join app_public.senders sender on sender.id = j.sender_id;
end;
$$;

revoke all on function app_private.begin_sends(uuid, uuid[]) from public;
grant execute on function app_private.begin_sends(uuid, uuid[]) to postilion_worker;
comment on function app_private.begin_sends(uuid, uuid[]) is
  'Marks claimed SubTasks as being handed over and answers each with its mail, or with why not: LEASE (the token is no longer current), HALTD (its Task or service may not send), FROZN (the service is frozen for over 200 ms yet), SUPPR (the address was suppressed). Refused rows stay claimed; give them back.';
