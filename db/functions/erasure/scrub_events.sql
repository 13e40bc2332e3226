-- What was judged of a click with the others of its mail is kept as if its source had said so: without the links nothing could be judged anew.
-- Bodies that are not applied yet are left to finish_events.
create or replace function app_hidden.scrub_events(p_erasure_id uuid, p_limit integer)
returns integer
language plpgsql
volatile
set search_path to pg_catalog, app_public, app_hidden, pg_temp
as $$
declare
  v_ids uuid[] := array(
    select sub_task_id from app_hidden.erased_mails where erasure_id = p_erasure_id and not is_scrubbed order by sub_task_id limit p_limit);
  v_events integer;
  v_bodies integer;
begin
  with scrubbed as (
    update app_public.mail_events
       set detail = '{}', flagged = case when machine then true else flagged end
     where sub_task_id = any (v_ids)
    returning received_at, event_log_id
  ), emptied as (
    update app_public.event_logs l
       set body = '', headers = '{}'
      from (select distinct received_at, event_log_id from scrubbed) as s
     where l.received_at = s.received_at and l.id = s.event_log_id and l.processed_at is not null and octet_length(l.body) > 0
    returning l.id
  )
  select (select count(*) from scrubbed), (select count(*) from emptied) into v_events, v_bodies;
  update app_hidden.erased_mails set is_scrubbed = true where sub_task_id = any (v_ids);
  update app_public.erasures set events = events + v_events, bodies = bodies + v_bodies where id = p_erasure_id;
  return cardinality(v_ids);
end;
$$;

revoke all on function app_hidden.scrub_events(uuid, integer) from public;
comment on function app_hidden.scrub_events(uuid, integer) is
  'Takes the words off the events of up to p_limit mails of a locked erasure, and empties the webhooks they came in. Answers how many mails; 0: none is left.';
