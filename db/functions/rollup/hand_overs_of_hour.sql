-- From the ledger. A mail is sent once: out of one of these states into the funnel, and there is no way back out of the funnel.
create or replace function app_hidden.hand_overs_of_hour(p_hour timestamptz)
returns table (sub_task_id uuid, task_id uuid, service_id uuid, lane text, word text, round_trip_ms real)
language sql
stable
set search_path to pg_catalog, app_public, app_hidden, pg_temp
as $$
  select c.sub_task_id, c.task_id, c.service_id, coalesce(c.lane, ''), case c.to_status when 'failed' then 'failed' when 'uncertain' then 'uncertain' else 'sent' end, c.round_trip_ms
    from app_hidden.sub_task_changes c
   where c.changed_at >= p_hour and c.changed_at < p_hour + interval '1 hour'
     and c.from_status in ('sending', 'uncertain', 'failed')
     and c.to_status in ('sent', 'delivered', 'opened', 'clicked', 'bounced', 'failed', 'uncertain');
$$;

revoke all on function app_hidden.hand_overs_of_hour(timestamptz) from public;
comment on function app_hidden.hand_overs_of_hour(timestamptz) is 'Mails that were sent, failed or became uncertain in an hour.';
