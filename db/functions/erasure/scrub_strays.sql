-- Events that found no mail, and refused webhooks, are found by the address they hold: they are few, and kept for a short time.
create or replace function app_hidden.scrub_strays(p_erasure app_public.erasures)
returns void
language plpgsql
volatile
set search_path to pg_catalog, app_public, app_hidden, pg_temp
as $$
declare
  v_address bytea := convert_to(p_erasure.email, 'UTF8');
  v_events integer;
  v_bodies integer;
  v_refusals integer;
begin
  with strays as materialized (
    select e.received_at, e.id, l.id as log_id
      from app_public.mail_events e
      join app_public.event_logs l on l.received_at = e.received_at and l.id = e.event_log_id
     where e.sub_task_id is null and l.processed_at is not null
       and (position(v_address in l.body) > 0 or position(p_erasure.email in lower(e.detail::text)) > 0)
  ), scrubbed as (
    update app_public.mail_events e set detail = '{}' from strays s where e.received_at = s.received_at and e.id = s.id returning e.id
  ), emptied as (
    update app_public.event_logs l set body = '', headers = '{}'
      from (select distinct received_at, log_id from strays) as s
     where l.received_at = s.received_at and l.id = s.log_id and octet_length(l.body) > 0
    returning l.id
  )
  select (select count(*) from scrubbed), (select count(*) from emptied) into v_events, v_bodies;
  delete from app_hidden.webhook_refusals where position(v_address in body_head) > 0 or position(p_erasure.email in lower(headers::text)) > 0;
  get diagnostics v_refusals = row_count;
  update app_public.erasures set events = events + v_events, bodies = bodies + v_bodies, refusals = refusals + v_refusals where id = p_erasure.id;
end;
$$;

revoke all on function app_hidden.scrub_strays(app_public.erasures) from public;
comment on function app_hidden.scrub_strays(app_public.erasures) is
  'Takes the address of a locked erasure out of events that concern no mail, and deletes the refused webhooks that hold it.';
