-- Commits the hand-over before the provider is called. From here on a crash means "uncertain", never a second mail; before it, the row is
-- safe to give back. The token fences a worker whose lease was taken over while it slept: it is refused, not obeyed.
-- The rows of one token are of one Task and one service. Both are read after the rows are locked, in a statement of its own, so that a pause
-- which has returned is seen; so are the suppressions.
-- It may be asked up to 200 ms before the thaw, by a worker that waits out the rest before it writes: the commit then costs the pace nothing.
-- One fsync in fifty took 50 to 280 ms on a disk shared with others; with 20 ms allowed, a mail was 7 ms late on average for that alone.
-- Plans are generic and joins hashed, see complete_claims.
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
set enable_nestloop to off
as $$
declare
  v_now timestamptz;
  v_terms app_hidden.hand_over_terms;
  v_suppressed uuid[];
begin
  perform from app_public.sub_tasks st where st.id = any (p_ids) order by st.id for no key update;
  v_now := app_hidden.current_time();
  v_terms := app_hidden.hand_over_terms(p_claim_token, p_ids, v_now);
  v_suppressed := app_hidden.suppressed_among(v_terms.workspace_id, p_ids);
  return query
  with begun as (
    update app_public.sub_tasks st
       set status = 'sending', handed_over_at = v_now, attempts = st.attempts + 1,
           lease_expires_at = v_now + v_terms.lease_ms * interval '1 ms'
      from app_public.sub_task_mails m
     where v_terms.refusal is null and st.id = any (p_ids) and st.claim_token = p_claim_token and st.status = 'allocated'
       and st.id <> all (v_suppressed) and m.sub_task_id = st.id and m.sub_task_id = any (p_ids)
    returning st.id, m.recipient_email, st.sender_email, m.rendered_subject, m.rendered_body, m.rendered_text, m.tracking_id, st.task_id, st.refusals
  )
  select b.id, null, b.recipient_email, b.sender_email, v_terms.sender_display_name, v_terms.reply_to, b.rendered_subject, b.rendered_body,
         b.rendered_text, b.tracking_id, b.task_id, b.refusals::integer, v_terms.track_opens, v_terms.track_clicks
    from begun b
  union all
  select st.id,
         case when st.claim_token is distinct from p_claim_token or st.status <> 'allocated' then 'LEASE' else coalesce(v_terms.refusal, 'SUPPR') end,
         null, null, null, null, null, null, null, null, null, null, null, null
    from app_public.sub_tasks st
   where st.id = any (p_ids) and not exists (select from begun b where b.id = st.id);
end;
$$;

revoke all on function app_private.begin_sends(uuid, uuid[]) from public;
grant execute on function app_private.begin_sends(uuid, uuid[]) to postilion_worker;
comment on function app_private.begin_sends(uuid, uuid[]) is
  'Marks claimed SubTasks as being handed over and answers each with its mail, or with why not: LEASE (the token is no longer current), HALTD (its Task or service may not send), FROZN (the service is frozen for over 200 ms yet), SUPPR (the address was suppressed). Refused rows stay claimed; give them back.';
