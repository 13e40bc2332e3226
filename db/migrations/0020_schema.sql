-- What clients read without reading every mail: statistics by service and by minute, and ways to mails and Contacts.

create table app_hidden.task_service_counters (
  task_id uuid not null references app_public.tasks on delete cascade,
  service_id uuid not null,
  sent bigint not null default 0,
  delivered bigint not null default 0,
  opened bigint not null default 0,
  clicked bigint not null default 0,
  bounced bigint not null default 0,
  complained bigint not null default 0,
  unsubscribed bigint not null default 0,
  failed bigint not null default 0,
  uncertain bigint not null default 0,
  answers bigint not null default 0,
  answer_ms double precision not null default 0,
  primary key (task_id, service_id)
) with (fillfactor = 50);
alter table app_hidden.task_service_counters enable row level security;
comment on table app_hidden.task_service_counters is 'The folded part of what each service did for a Task: of its mails, how many ever were sent, delivered and so on, and how many are failed or uncertain.';
comment on column app_hidden.task_service_counters.answers is 'Of how many mails it is known how long the provider took to accept them.';
comment on column app_hidden.task_service_counters.answer_ms is 'Milliseconds it took to accept them, together.';

-- The last day by minutes, for charts of the present: hours are closed an hour late, and the ledger has no index by Task.
create table app_hidden.minute_counters (
  minute timestamptz not null,
  task_id uuid not null references app_public.tasks on delete cascade,
  service_id uuid,
  sent integer not null default 0,
  delivered integer not null default 0,
  opened integer not null default 0,
  clicked integer not null default 0,
  bounced integer not null default 0,
  failed integer not null default 0,
  unique nulls not distinct (task_id, minute, service_id)
) with (fillfactor = 50);
create index minute_counters_by_service on app_hidden.minute_counters (service_id, minute);
create index minute_counters_by_time on app_hidden.minute_counters using brin (minute) with (autosummarize = on);
alter table app_hidden.minute_counters enable row level security;
comment on table app_hidden.minute_counters is 'What happened in each minute, in the words of hourly_statistics, by Task and service; kept for two days.';

-- In the words of hourly_statistics, so that a minute and its hour say the same.
create view app_hidden.minute_counter_deltas as
  select id, minute, task_id, service_id,
         case when from_status in ('sending', 'uncertain', 'failed') and to_status in ('sent', 'delivered', 'opened', 'clicked', 'bounced') then mails else 0 end as sent,
         ever_delivered as delivered, ever_opened as opened, ever_clicked as clicked,
         case when from_status = to_status then 0 when to_status = 'bounced' then mails when from_status = 'bounced' then -mails else 0 end as bounced,
         case when from_status in ('sending', 'uncertain') and to_status = 'failed' then mails else 0 end as failed
    from app_hidden.task_counter_changes
   where minute is not null;
comment on view app_hidden.minute_counter_deltas is 'task_counter_changes, by what happened in their minute.';

create view app_hidden.task_service_deltas as
  select id, task_id, service_id, ever_sent as sent, ever_delivered as delivered, ever_opened as opened, ever_clicked as clicked,
         ever_bounced as bounced, ever_complained as complained, ever_unsubscribed as unsubscribed,
         case when to_status = 'failed' then mails else 0 end - case when from_status = 'failed' then mails else 0 end as failed,
         case when to_status = 'uncertain' then mails else 0 end - case when from_status = 'uncertain' then mails else 0 end as uncertain,
         answers, answer_ms
    from app_hidden.task_counter_changes
   where service_id is not null
     and ((ever_sent, ever_delivered, ever_opened, ever_clicked, ever_bounced, ever_complained, ever_unsubscribed, answers) <> (0, 0, 0, 0, 0, 0, 0, 0)
          or 'failed' in (from_status, to_status) or 'uncertain' in (from_status, to_status));
comment on view app_hidden.task_service_deltas is 'task_counter_changes, by what they say of services.';

-- Views and no functions: a query for twenty Tasks becomes one plan, where a function would be called for each. They run as their owner and
-- are asked only for Tasks that the asker was shown.
create view app_hidden.task_numbers as
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
   group by task_id;
comment on view app_hidden.task_numbers is 'A Task''s counters at this moment, folded and not yet folded together.';

create view app_hidden.task_service_numbers as
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
   group by task_id, service_id;
comment on view app_hidden.task_service_numbers is 'What each service did for a Task until this moment.';

grant usage on schema app_hidden to postilion_user, postilion_admin;
grant select on app_hidden.task_numbers, app_hidden.task_service_numbers to postilion_user, postilion_admin;

create type app_public.series_step as enum ('minute', 'hour');
comment on type app_public.series_step is 'How long each point of a series is.';

create type app_public.series_point as (
  at timestamptz, sent integer, delivered integer, opened integer, clicked integer, bounced integer, failed integer
);
comment on type app_public.series_point is 'What happened in one minute or hour.';
comment on column app_public.series_point.at is 'When it begins; hours are those of UTC.';
comment on column app_public.series_point.sent is 'Mails that providers accepted.';
comment on column app_public.series_point.delivered is 'Mails first reported as delivered.';
comment on column app_public.series_point.opened is 'Mails first opened, by whomever.';
comment on column app_public.series_point.clicked is 'Mails in which a link was first followed, by whomever.';
comment on column app_public.series_point.bounced is 'Mails that came to stand as bounced, less those that were delivered after a soft bounce; so it may be negative.';
comment on column app_public.series_point.failed is 'Hand-overs that were refused for good.';
grant usage on type app_public.series_step, app_public.series_point to postilion_visitor, postilion_user, postilion_admin;

create type app_hidden.sub_task_search as (
  task_id uuid, statuses app_public.sub_task_status[], service_id uuid, error_code text, email text, email_prefix text, after_id uuid
);
comment on type app_hidden.sub_task_search is 'Which SubTasks of a Task are looked for: those that meet all that is not null, behind one of them.';

create type app_hidden.sub_task_page as (ids uuid[], walked_to uuid);
comment on type app_hidden.sub_task_page is 'The SubTasks that were found, newest first, and the one that the next page begins behind; null: there are no more.';

-- What is rare and final among the mails that are over. Written once in the life of such a mail, never for one that is merely delivered.
create index sub_tasks_clicked on app_public.sub_tasks (task_id) where clicked_at is not null;
create index sub_tasks_bounced on app_public.sub_tasks (task_id) where bounced_at is not null;
create index sub_tasks_cancelled on app_public.sub_tasks (task_id) where cancelled_at is not null;

-- By the beginning of an address, whatever the database's collation.
create index sub_task_mails_by_address on app_public.sub_task_mails (task_id, recipient_email text_pattern_ops);
create index contacts_by_address on app_public.contacts (workspace_id, email text_pattern_ops);
create index suppressions_by_address on app_public.suppressions (workspace_id, email text_pattern_ops);

create index contacts_by_status on app_public.contacts (workspace_id, status, email);
create index templates_by_name on app_public.templates (workspace_id, name, id);
create index senders_by_name on app_public.senders (workspace_id, name, id);
create index workspaces_by_name on app_public.workspaces (name, id);
create index tasks_by_age on app_public.tasks (workspace_id, created_at, id);
create index tasks_by_workspace_status on app_public.tasks (workspace_id, status, created_at, id);
