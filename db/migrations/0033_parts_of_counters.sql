-- The API adds the parts up itself: in SQL each list of Tasks summed up twenty times what nearly always is one line, a third of what the list took.
-- Views and no functions: a query for twenty Tasks becomes one plan, where a function would be called for each. They run as their owner, whom no policy
-- binds, so they look themselves whether a member may see the Task, once for each. (As their invoker's they would ask the policies of five tables for each
-- line that is not folded yet.)
create view app_hidden.task_number_parts as
  select t.id as task_id, part.pending, part.allocated, part.sending, part.sent, part.delivered, part.opened, part.clicked, part.bounced, part.failed,
         part.cancelled, part.uncertain, part.ever_sent, part.ever_delivered, part.ever_opened, part.ever_clicked, part.ever_bounced,
         part.ever_unsubscribed, part.ever_complained, part.ever_human_opened, part.ever_human_clicked
    from app_public.tasks t
   cross join lateral (
     select * from app_hidden.task_counters c where c.task_id = t.id
     union all
     select d.task_id, sum(pending)::bigint, sum(allocated)::bigint, sum(sending)::bigint, sum(sent)::bigint, sum(delivered)::bigint, sum(opened)::bigint,
            sum(clicked)::bigint, sum(bounced)::bigint, sum(failed)::bigint, sum(cancelled)::bigint, sum(uncertain)::bigint, sum(ever_sent)::bigint,
            sum(ever_delivered)::bigint, sum(ever_opened)::bigint, sum(ever_clicked)::bigint, sum(ever_bounced)::bigint, sum(ever_unsubscribed)::bigint,
            sum(ever_complained)::bigint, sum(ever_human_opened)::bigint, sum(ever_human_clicked)::bigint
       from app_hidden.task_counter_deltas d
      where d.task_id = t.id
      group by d.task_id
   ) as part
   where (select current_setting('role', true)) is distinct from 'postilion_user'
      or t.workspace_id = any ((select app_hidden.workspaces_as('viewer'))::uuid[]);
comment on view app_hidden.task_number_parts is 'A Task''s counters at this moment: a line of what is folded, and one of what is not. Their sum is true.';

create view app_hidden.task_service_number_parts as
  select t.id as task_id, part.service_id, part.sent, part.delivered, part.opened, part.clicked, part.bounced, part.complained, part.unsubscribed,
         part.failed, part.uncertain, part.answers, part.answer_ms
    from app_public.tasks t
   cross join lateral (
     select * from app_hidden.task_service_counters c where c.task_id = t.id
     union all
     select d.task_id, d.service_id, sum(sent)::bigint, sum(delivered)::bigint, sum(opened)::bigint, sum(clicked)::bigint, sum(bounced)::bigint,
            sum(complained)::bigint, sum(unsubscribed)::bigint, sum(failed)::bigint, sum(uncertain)::bigint, sum(answers)::bigint, sum(answer_ms)
       from app_hidden.task_service_deltas d
      where d.task_id = t.id
      group by d.task_id, d.service_id
   ) as part
   where (select current_setting('role', true)) is distinct from 'postilion_user'
      or t.workspace_id = any ((select app_hidden.workspaces_as('viewer'))::uuid[]);
comment on view app_hidden.task_service_number_parts is 'What each service did for a Task until this moment: a line of what is folded, and one of what is not.';

grant select on app_hidden.task_number_parts, app_hidden.task_service_number_parts to postilion_user, postilion_admin;

-- Their sums, with the columns and the readers they had: a server of the release before goes on reading them while this is rolled out.
create or replace view app_hidden.task_numbers as
  select task_id, sum(pending)::bigint as pending, sum(allocated)::bigint as allocated, sum(sending)::bigint as sending, sum(sent)::bigint as sent,
         sum(delivered)::bigint as delivered, sum(opened)::bigint as opened, sum(clicked)::bigint as clicked, sum(bounced)::bigint as bounced,
         sum(failed)::bigint as failed, sum(cancelled)::bigint as cancelled, sum(uncertain)::bigint as uncertain,
         sum(ever_sent)::bigint as ever_sent, sum(ever_delivered)::bigint as ever_delivered, sum(ever_opened)::bigint as ever_opened,
         sum(ever_clicked)::bigint as ever_clicked, sum(ever_bounced)::bigint as ever_bounced, sum(ever_unsubscribed)::bigint as ever_unsubscribed,
         sum(ever_complained)::bigint as ever_complained, sum(ever_human_opened)::bigint as ever_human_opened,
         sum(ever_human_clicked)::bigint as ever_human_clicked
    from app_hidden.task_number_parts
   group by task_id;

create or replace view app_hidden.task_service_numbers as
  select task_id, service_id, sum(sent)::bigint as sent, sum(delivered)::bigint as delivered, sum(opened)::bigint as opened,
         sum(clicked)::bigint as clicked, sum(bounced)::bigint as bounced, sum(complained)::bigint as complained,
         sum(unsubscribed)::bigint as unsubscribed, sum(failed)::bigint as failed, sum(uncertain)::bigint as uncertain,
         sum(answers)::bigint as answers, sum(answer_ms) as answer_ms
    from app_hidden.task_service_number_parts
   group by task_id, service_id;
