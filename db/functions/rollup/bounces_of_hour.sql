-- From the ledger, like the hand-overs: a mail that bounces twice stands as bounced once, and one delivered after a soft bounce stands so no more.
create or replace function app_hidden.bounces_of_hour(p_hour timestamptz)
returns table (sub_task_id uuid, task_id uuid, service_id uuid, lane text, word text, round_trip_ms real)
language sql
stable
set search_path to pg_catalog, app_public, app_hidden, pg_temp
as $$
  select c.sub_task_id, c.task_id, c.service_id, coalesce(c.lane, ''), case when c.to_status = 'bounced' then 'bounced' else 'no longer bounced' end, null::real
    from app_hidden.sub_task_changes c
   where c.changed_at >= p_hour and c.changed_at < p_hour + interval '1 hour'
     and 'bounced' in (c.from_status, c.to_status);
$$;

revoke all on function app_hidden.bounces_of_hour(timestamptz) from public;
comment on function app_hidden.bounces_of_hour(timestamptz) is 'Mails that began, or ceased, to stand as bounced in an hour.';
