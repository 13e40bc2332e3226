create or replace function app_hidden.faults_of_task(p_task_id uuid)
returns jsonb
language sql
stable
set search_path to pg_catalog, app_public, app_hidden, pg_temp
as $$
  with total as materialized (
    select (app_public.tasks_states(t)).total as mails from app_public.tasks t where t.id = p_task_id
  ), steps as materialized (
    select * from app_hidden.plan_leases(p_task_id)
    union all
    select * from app_hidden.plan_tasks(p_task_id)
    union all
    select * from app_hidden.plan_counters(p_task_id) where (select mails from total) <= 1000000
    union all
    select s.* from (values ('pools'), ('thaw'), ('wake'), ('slots'), ('events')) as kind (what) cross join lateral app_hidden.plan_repair(kind.what) as s
     where kind.what in ('pools', 'events') or s.subject in (
       select e.id::text from app_public.email_services e join app_public.tasks t on t.id = p_task_id
        where app_hidden.service_may_send(e, t))
  )
  select coalesce(jsonb_agg(jsonb_build_object('what', what, 'says', app_hidden.sentence_of(steps),
           'remedy', format('postilion repair %s', what)) order by what, name), '[]')
    from steps;
$$;

revoke all on function app_hidden.faults_of_task(uuid) from public;
comment on function app_hidden.faults_of_task(uuid) is
  'What is broken and could be repaired that concerns a Task, for read_diagnosis. Statistics of over a million mails are not counted.';
