-- Appended, as in mend_counters. What is said of a service is said of the Task as well: a second line, of no service, takes it back there.
create or replace function app_hidden.mend_service_counters(p_task_id uuid, p_service_id uuid, p_differences jsonb)
returns void
language sql
volatile
set search_path to pg_catalog, app_hidden, pg_temp
as $$
  with nothing as (
    select jsonb_object_agg(attname, 0) as line
      from pg_attribute where attrelid = 'app_hidden.task_service_counters'::regclass and attnum > 2 and not attisdropped
  )
  insert into app_hidden.task_counter_changes
    (task_id, service_id, to_status, mails, ever_sent, ever_delivered, ever_opened, ever_clicked, ever_bounced, ever_complained, ever_unsubscribed,
     ever_human_opened, ever_human_clicked, answers, answer_ms)
  select p_task_id, side.service_id, line.to_status, side.sign * line.mails, events.sign * d.sent, events.sign * d.delivered, events.sign * d.opened,
         events.sign * d.clicked, events.sign * d.bounced, events.sign * d.complained, events.sign * d.unsubscribed, 0, 0,
         events.sign * d.answers, events.sign * d.answer_ms
    from nothing
   cross join lateral jsonb_populate_record(null::app_hidden.task_service_counters, nothing.line || p_differences) as d
   cross join (values (p_service_id, 1), (null, -1)) as side (service_id, sign)
   cross join lateral (values (null::app_public.sub_task_status, 0), ('failed', d.failed), ('uncertain', d.uncertain)) as line (to_status, mails)
   cross join lateral (select case when line.to_status is null then side.sign else 0 end) as events (sign)
   where line.to_status is null or line.mails <> 0;
$$;

revoke all on function app_hidden.mend_service_counters(uuid, uuid, jsonb) from public;
comment on function app_hidden.mend_service_counters(uuid, uuid, jsonb) is
  'Adds differences to the counters of one service for a Task, given by their names; those of the Task stay as they are.';
