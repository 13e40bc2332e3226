create or replace function app_hidden.life_of_sub_task(p_id uuid)
returns table (at timestamptz, what text, who text, says text)
language sql
stable
set search_path to pg_catalog, app_public, app_hidden, pg_temp
as $$
  with st as materialized (
    select s.*, m.recipient_email, t.workspace_id
      from app_public.sub_tasks s join app_public.tasks t on t.id = s.task_id left join app_public.sub_task_mails m on m.sub_task_id = s.id
     where s.id = p_id
  )
  select created_at, 'rendered', '', 'for ' || coalesce(recipient_email, 'an erased address') from st
  union all
  select c.changed_at, format('%s → %s', c.from_status, c.to_status), coalesce(s.name, ''),
         concat_ws('; ', c.reason, case when c.claim_token is not null then 'claim ' || left(c.claim_token::text, 8) end, 'runner ' || c.worker, 'as ' || c.actor)
    from (select * from app_hidden.sub_task_changes where sub_task_id = p_id order by id limit 500) as c
    left join app_public.email_services s on s.id = c.service_id
  union all
  select handed_over_at, 'handed over', coalesce(s.name, ''), concat_ws('; ', 'from ' || sender_email, 'planned for ' || to_char(scheduled_at, 'HH24:MI:SS.MS'), 'hand-overs so far: ' || attempts)
    from st left join app_public.email_services s on s.id = st.service_id where handed_over_at is not null
  union all
  select coalesce(sent_at, failed_at, uncertain_at, handed_over_at), 'answered', coalesce(s.name, ''),
         concat_ws('; ', 'in ' || round(round_trip_ms) || ' ms', 'message ' || message_id, error_code, error_message, provider_response)
    from st left join app_public.email_services s on s.id = st.service_id where coalesce(message_id, error_code, provider_response) is not null
  union all
  select e.occurred_at, 'event ' || e.kind, coalesce(l.provider, ''),
         concat_ws('; ', 'found by ' || e.strategy, case e.machine when true then 'judged a machine''s' when false then 'judged a person''s' end,
           case e.flagged when true then 'its source says: a machine' when false then 'its source says: a person' end, 'log ' || e.event_log_id)
    from (select * from app_public.mail_events where sub_task_id = p_id order by id limit 500) as e
    left join app_public.event_logs l on l.received_at = e.received_at and l.id = e.event_log_id
  union all
  select v.at, 'verdict', '', v.says
    from st cross join lateral (values (human_opened_at, 'a person opened it, as far as one can tell'), (human_clicked_at, 'a person clicked, as far as one can tell'),
      (unsubscribed_at, 'its recipient unsubscribed'), (complained_at, 'its recipient complained')) as v (at, says) where v.at is not null
  union all
  select p.created_at, 'suppressed', '', 'the address may not be written to: ' || p.reason
    from st join app_public.suppressions p on p.workspace_id = st.workspace_id and p.email = st.recipient_email;
$$;

revoke all on function app_hidden.life_of_sub_task(uuid) from public;
comment on function app_hidden.life_of_sub_task(uuid) is
  'What happened to a mail, in no order: ledger, hand-over, events, verdicts; 500 lines of the ledger and 500 events at most.';
