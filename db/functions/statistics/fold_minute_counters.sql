create or replace function app_hidden.fold_minute_counters(p_ids bigint[])
returns void
language sql
volatile
set search_path to pg_catalog, app_public, app_hidden, pg_temp
as $$
  insert into app_hidden.minute_counters as known (minute, task_id, service_id, sent, delivered, opened, clicked, bounced, failed)
  select minute, task_id, service_id, sum(sent), sum(delivered), sum(opened), sum(clicked), sum(bounced), sum(failed)
    from app_hidden.minute_counter_deltas d
   where d.id = any (p_ids)
     and (sent, delivered, opened, clicked, bounced, failed) <> (0, 0, 0, 0, 0, 0)
     and exists (select from app_public.tasks t where t.id = d.task_id)
   group by minute, task_id, service_id
   order by task_id, minute, service_id
  on conflict (task_id, minute, service_id) do update
     set sent = known.sent + excluded.sent,
         delivered = known.delivered + excluded.delivered,
         opened = known.opened + excluded.opened,
         clicked = known.clicked + excluded.clicked,
         bounced = known.bounced + excluded.bounced,
         failed = known.failed + excluded.failed;
$$;

revoke all on function app_hidden.fold_minute_counters(bigint[]) from public;
comment on function app_hidden.fold_minute_counters(bigint[]) is 'Folds appended changes into the minutes they were written in.';
