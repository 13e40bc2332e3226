-- The rows of one token are of one Task and one service: what is true of both is read once, not for each row.
create or replace function app_hidden.hand_over_terms(p_claim_token uuid, p_ids uuid[], p_now timestamptz)
returns app_hidden.hand_over_terms
language plpgsql
volatile
set search_path to pg_catalog, app_public, app_hidden, pg_temp
set enable_nestloop to on
as $$
declare
  v_terms app_hidden.hand_over_terms;
begin
  select case
           when not app_hidden.task_may_send(t.status) or not s.is_enabled or s.is_stopped then 'HALTD'
           when s.frozen_until > p_now + interval '200 ms' then 'FROZN'
         end,
         t.workspace_id, s.lease_ms, sender.display_name, sender.reply_to, t.track_opens, t.track_clicks
    into v_terms
    from (select task_id, service_id from app_public.sub_tasks where id = any (p_ids) and claim_token = p_claim_token limit 1) as st
    join app_public.tasks t on t.id = st.task_id
    join app_public.email_services s on s.id = st.service_id
    left join app_public.senders sender on sender.id = t.sender_id;
  return v_terms;
end;
$$;

revoke all on function app_hidden.hand_over_terms(uuid, uuid[], timestamptz) from public;
comment on function app_hidden.hand_over_terms(uuid, uuid[], timestamptz) is
  'Whether and how the mails of a claim may be handed over, by their Task, service and sender as they are now.';
