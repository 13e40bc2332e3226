-- Named as in app_hidden.repair_kinds, which a test holds together with it: an argument that can be wrong is refused before anything is asked.
create type app_public.repair_kind as enum ('pools', 'leases', 'slots', 'thaw', 'wake', 'tasks', 'partitions', 'events', 'fold', 'counters');
comment on type app_public.repair_kind is 'What can be repaired, in the order in which repairs help each other.';
grant usage on type app_public.repair_kind to postilion_visitor, postilion_user, postilion_admin;

-- The two run as their owner, whom no policy binds: so they look themselves whether a member may see the Task, once for each. (As their invoker's
-- they would ask the policies of five tables for each line that is not folded yet.)
create or replace view app_hidden.task_numbers as
  select task_id, sum(pending)::bigint as pending, sum(allocated)::bigint as allocated, sum(sending)::bigint as sending, sum(sent)::bigint as sent,
         sum(delivered)::bigint as delivered, sum(opened)::bigint as opened, sum(clicked)::bigint as clicked, sum(bounced)::bigint as bounced,
         sum(failed)::bigint as failed, sum(cancelled)::bigint as cancelled, sum(uncertain)::bigint as uncertain,
         sum(ever_sent)::bigint as ever_sent, sum(ever_delivered)::bigint as ever_delivered, sum(ever_opened)::bigint as ever_opened,
         sum(ever_clicked)::bigint as ever_clicked, sum(ever_bounced)::bigint as ever_bounced, sum(ever_unsubscribed)::bigint as ever_unsubscribed,
         sum(ever_complained)::bigint as ever_complained, sum(ever_human_opened)::bigint as ever_human_opened,
         sum(ever_human_clicked)::bigint as ever_human_clicked
    from (
      select * from app_hidden.task_counters
      union all
      select task_id, pending, allocated, sending, sent, delivered, opened, clicked, bounced, failed, cancelled, uncertain, ever_sent, ever_delivered,
             ever_opened, ever_clicked, ever_bounced, ever_unsubscribed, ever_complained, ever_human_opened, ever_human_clicked
        from app_hidden.task_counter_deltas
    ) as both_parts
   group by task_id
  having (select current_setting('role', true)) is distinct from 'postilion_user'
      or exists (select from app_public.tasks t
                  where t.id = both_parts.task_id and t.workspace_id = any ((select app_hidden.workspaces_as('viewer'))::uuid[]));

create or replace view app_hidden.task_service_numbers as
  select task_id, service_id, sum(sent)::bigint as sent, sum(delivered)::bigint as delivered, sum(opened)::bigint as opened,
         sum(clicked)::bigint as clicked, sum(bounced)::bigint as bounced, sum(complained)::bigint as complained,
         sum(unsubscribed)::bigint as unsubscribed, sum(failed)::bigint as failed, sum(uncertain)::bigint as uncertain,
         sum(answers)::bigint as answers, sum(answer_ms) as answer_ms
    from (
      select * from app_hidden.task_service_counters
      union all
      select task_id, service_id, sent, delivered, opened, clicked, bounced, complained, unsubscribed, failed, uncertain, answers, answer_ms
        from app_hidden.task_service_deltas
    ) as both_parts
   group by task_id, service_id
  having (select current_setting('role', true)) is distinct from 'postilion_user'
      or exists (select from app_public.tasks t
                  where t.id = both_parts.task_id and t.workspace_id = any ((select app_hidden.workspaces_as('viewer'))::uuid[]));
