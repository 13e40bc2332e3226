-- What is heard of an erased mail counts like any other word; its body would bring the address back. In nearly every database nobody was ever
-- erased, which one look tells.
create or replace function app_hidden.scrub_late_events(p_log_ids bigint[], p_received_at timestamptz[])
returns void
language plpgsql
volatile
set search_path to pg_catalog, app_public, app_hidden, pg_temp
as $$
begin
  if not exists (select from app_hidden.erased_mails) then
    return;
  end if;
  with told as (
    select log.id as log_id, log.received_at, e.id
      from unnest(p_log_ids, p_received_at) as log (id, received_at)
      join app_public.mail_events e on e.received_at = log.received_at and e.event_log_id = log.id
      join app_hidden.erased_mails m on m.sub_task_id = e.sub_task_id
  ), scrubbed as (
    update app_public.mail_events e
       set detail = '{}', flagged = case when e.machine then true else e.flagged end
      from told t where e.received_at = t.received_at and e.id = t.id
  )
  update app_public.event_logs l set body = '', headers = '{}'
    from (select distinct log_id, received_at from told) as t
   where l.received_at = t.received_at and l.id = t.log_id;
end;
$$;

revoke all on function app_hidden.scrub_late_events(bigint[], timestamptz[]) from public;
comment on function app_hidden.scrub_late_events(bigint[], timestamptz[]) is
  'Empties those of the applied webhooks that told of erased mails, and takes the words off their events.';
