create or replace function app_hidden.fold_service_counters(p_ids bigint[])
returns void
language sql
volatile
set search_path to pg_catalog, app_public, app_hidden, pg_temp
as $$
  insert into app_hidden.task_service_counters as known
    (task_id, service_id, sent, delivered, opened, clicked, bounced, complained, unsubscribed, failed, uncertain, answers, answer_ms)
  select task_id, service_id, sum(sent), sum(delivered), sum(opened), sum(clicked), sum(bounced), sum(complained), sum(unsubscribed), sum(failed),
         sum(uncertain), sum(answers), sum(answer_ms)
    from app_hidden.task_service_deltas d
   where d.id = any (p_ids)
     and exists (select from app_public.tasks t where t.id = d.task_id)
   group by task_id, service_id
   order by task_id, service_id
  on conflict (task_id, service_id) do update
     set sent = known.sent + excluded.sent,
         delivered = known.delivered + excluded.delivered,
         opened = known.opened + excluded.opened,
         clicked = known.clicked + excluded.clicked,
         bounced = known.bounced + excluded.bounced,
         complained = known.complained + excluded.complained,
         unsubscribed = known.unsubscribed + excluded.unsubscribed,
         failed = known.failed + excluded.failed,
         uncertain = known.uncertain + excluded.uncertain,
         answers = known.answers + excluded.answers,
         answer_ms = known.answer_ms + excluded.answer_ms;
$$;

revoke all on function app_hidden.fold_service_counters(bigint[]) from public;
comment on function app_hidden.fold_service_counters(bigint[]) is 'Folds appended changes into what each service did for each Task.';
