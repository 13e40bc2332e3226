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
  select id, date_trunc('minute', changed_at) as minute, task_id, service_id,
         case when from_status in ('sending', 'uncertain', 'failed') and to_status in ('sent', 'delivered', 'opened', 'clicked', 'bounced') then mails else 0 end as sent,
         ever_delivered as delivered, ever_opened as opened, ever_clicked as clicked,
         case when from_status = to_status then 0 when to_status = 'bounced' then mails when from_status = 'bounced' then -mails else 0 end as bounced,
         case when from_status in ('sending', 'uncertain') and to_status = 'failed' then mails else 0 end as failed
    from app_hidden.task_counter_changes
   where changed_at is not null;
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

-- Views and no functions: a query for twenty Tasks becomes one plan, where a function would be called for each. They run as their owner, whom no policy
-- binds, so they look themselves whether a member may see the Task, once for each. (As their invoker's they would ask the policies of five tables for each
-- line that is not folded yet.)
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
   group by task_id
  having (select current_setting('role', true)) is distinct from 'postilion_user'
      or exists (select from app_public.tasks t
                  where t.id = both_parts.task_id and t.workspace_id = any ((select app_hidden.workspaces_as('viewer'))::uuid[]));
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
   group by task_id, service_id
  having (select current_setting('role', true)) is distinct from 'postilion_user'
      or exists (select from app_public.tasks t
                  where t.id = both_parts.task_id and t.workspace_id = any ((select app_hidden.workspaces_as('viewer'))::uuid[]));
comment on view app_hidden.task_service_numbers is 'What each service did for a Task until this moment.';

create type app_hidden.counter_drift as (service_id uuid, counter text, kept bigint, counted bigint);
comment on type app_hidden.counter_drift is 'A counter of a Task that is not what the rows say: of one service, or (null) of all its mails.';

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

-- By the beginning of an address.
create index sub_task_mails_by_address on app_public.sub_task_mails (task_id, recipient_email);

-- Nearly all are active, and found on any way.
create index contacts_by_status on app_public.contacts (workspace_id, status, email) where status <> 'active';
create index templates_by_name on app_public.templates (workspace_id, name, id);
create index senders_by_name on app_public.senders (workspace_id, name, id);
create index workspaces_by_name on app_public.workspaces (name, id);
create index tasks_by_age on app_public.tasks (workspace_id, created_at, id);
create index tasks_by_workspace_status on app_public.tasks (workspace_id, status, created_at, id);

-- What clients read of the columns, in the schema's own description.
comment on column app_public.contacts.email is 'The address, in lower case.';
comment on column app_public.contacts.name is 'What the person is called.';
comment on column app_public.contacts.tags is 'By which Tasks choose their recipients.';
comment on column app_public.contacts.status is 'Whether it may be written to.';
comment on column app_public.contacts.timezone is 'Where the person is, such as Europe/Berlin.';
comment on column app_public.email_services.name is 'Unique among services.';
comment on column app_public.email_services.provider is 'Who sends: engagelab or smtp.';
comment on column app_public.email_services.domain is 'The sending domain: mails come from <name of the sender>@<domain>.';
comment on column app_public.email_services.base_url is 'Root of the provider''s API; null: the provider''s own.';
comment on column app_public.email_services.max_in_flight is 'How many mails a rated service hands over at once.';
comment on column app_public.email_services.daily_quota is 'Mails a day at most; null: any number.';
comment on column app_public.email_services.used_quota is 'Mails of today that count against the quota.';
comment on column app_public.email_services.is_enabled is 'Whether it sends.';
comment on column app_public.email_services.in_flight is 'Mails that are claimed or being handed over at this moment.';
comment on column app_public.email_services.is_shared is 'Every workspace may use it; otherwise those it was granted to.';
comment on column app_public.email_services.rate_per_second is 'Mails a second a rated service hands over at most; null: as many as maxInFlight allows.';
comment on column app_public.email_services.interval_ms is 'Milliseconds between the end of one hand-over and the next (a paced service, strictly one at a time); 0: rated, maxInFlight at once.';
comment on column app_public.email_services.warm_up_started_on is 'The first day of its warm-up; null: none.';
comment on column app_public.email_service_caps.lane is 'Which lane.';
comment on column app_public.email_service_caps.daily_cap is 'Mails a day at most.';
comment on column app_public.email_service_caps.used is 'Mails that count against it.';
comment on column app_public.email_service_warm_up.day is 'From which day on; the first is 1.';
comment on column app_public.email_service_warm_up.daily_cap is 'Mails a day at most.';
comment on column app_public.event_logs.provider is 'Whose webhook it is.';
comment on column app_public.event_logs.path is 'The path it came in by, without its secret.';
comment on column app_public.event_logs.received_at is 'When it came.';
comment on column app_public.event_logs.processed_at is 'When its events were applied; null: not yet.';
comment on column app_public.event_logs.attempts is 'How often this was tried.';
comment on column app_public.event_logs.event_count is 'How many events it holds; null: it was not read yet.';
comment on column app_public.event_logs.error is 'Why its events could not be applied.';
comment on column app_public.hourly_statistics.hour is 'When the hour begins.';
comment on column app_public.hourly_statistics.lane is 'The lane of the recipients'' domains.';
comment on column app_public.hourly_statistics.sent is 'Mails that the provider accepted.';
comment on column app_public.hourly_statistics.delivered is 'Mails reported as delivered.';
comment on column app_public.hourly_statistics.opened is 'Mails opened, by whomever.';
comment on column app_public.hourly_statistics.clicked is 'Mails with a link followed, by whomever.';
comment on column app_public.hourly_statistics.soft_bounced is 'Mails that came back for now.';
comment on column app_public.hourly_statistics.hard_bounced is 'Mails that came back for good.';
comment on column app_public.hourly_statistics.complained is 'Mails called spam by their recipients.';
comment on column app_public.hourly_statistics.unsubscribed is 'Mails whose recipients unsubscribed.';
comment on column app_public.service_statistics.since is 'When the period begins.';
comment on column app_public.service_statistics.until is 'When it ends: the last hour that is closed.';
comment on column app_public.service_statistics.sent is 'Mails that the provider accepted.';
comment on column app_public.service_statistics.delivered is 'Mails reported as delivered.';
comment on column app_public.service_statistics.opened is 'Mails opened, by whomever.';
comment on column app_public.service_statistics.clicked is 'Mails with a link followed, by whomever.';
comment on column app_public.service_statistics.human_opened is 'Mails opened by a person, as far as one can tell.';
comment on column app_public.service_statistics.human_clicked is 'Mails with a link followed by a person, as far as one can tell.';
comment on column app_public.service_statistics.soft_bounced is 'Mails that came back for now.';
comment on column app_public.service_statistics.hard_bounced is 'Mails that came back for good.';
comment on column app_public.service_statistics.bounced is 'Mails that came to stand as bounced, less those delivered after a soft bounce.';
comment on column app_public.service_statistics.complained is 'Mails called spam by their recipients.';
comment on column app_public.service_statistics.unsubscribed is 'Mails whose recipients unsubscribed.';
comment on column app_public.service_statistics.failed is 'Hand-overs that were refused for good.';
comment on column app_public.service_statistics.uncertain is 'Hand-overs that ended in doubt.';
comment on column app_public.lanes.name is 'Lower-case letters, digits, dots, dashes and underscores; empty: the nameless one.';
comment on column app_public.lane_domains.domain is 'The domain of addresses, in lower case.';
comment on column app_public.lane_domains.lane is 'Its lane.';
comment on column app_public.mail_events.kind is 'What happened.';
comment on column app_public.mail_events.occurred_at is 'When, by its source.';
comment on column app_public.mail_events.detail is 'What else its source said.';
comment on column app_public.mail_events.received_at is 'When its webhook came.';
comment on column app_public.senders.display_name is 'What stands before the address.';
comment on column app_public.senders.reply_to is 'Where answers go; null: to the From address.';
comment on column app_public.sub_tasks.status is 'Where it stands.';
comment on column app_public.sub_tasks.bounce_is_soft is 'Whether its bounce was for now; null: it did not bounce.';
comment on column app_public.sub_tasks.bounced_at is 'When it first came back.';
comment on column app_public.sub_tasks.cancelled_at is 'When it was cancelled.';
comment on column app_public.sub_tasks.clicked_at is 'When a link was first followed, by whomever.';
comment on column app_public.sub_tasks.delivered_at is 'When it was first reported as delivered.';
comment on column app_public.sub_tasks.opened_at is 'When it was first opened, by whomever.';
comment on column app_public.sub_tasks.failed_at is 'When it failed.';
comment on column app_public.sub_tasks.uncertain_at is 'Since when nobody knows whether the provider accepted it.';
comment on column app_public.sub_tasks.unsubscribed_at is 'When its recipient unsubscribed by it.';
comment on column app_public.sub_tasks.error_code is 'Why it stands where it stands, in one word.';
comment on column app_public.sub_tasks.error_message is 'Why it stands where it stands, in a sentence.';
comment on column app_public.sub_tasks.message_id is 'The provider''s id of it.';
comment on column app_public.sub_tasks.provider_response is 'What the provider answered last.';
comment on column app_public.sub_task_mails.recipient_email is 'To which address, in lower case.';
comment on column app_public.sub_task_mails.rendered_subject is 'The subject.';
comment on column app_public.sub_task_mails.tracking_id is 'What its pixel and links are known by.';
comment on column app_public.suppressions.created_at is 'Since when.';
comment on column app_public.tasks.name is 'What people call it; recipients never see it.';
comment on column app_public.tasks.status is 'Where it stands.';
comment on column app_public.tasks.recipient_rule is 'Who receives it.';
comment on column app_public.tasks.track_opens is 'Whether mails hold a pixel.';
comment on column app_public.tasks.track_clicks is 'Whether links lead through the tracking host.';
comment on column app_public.tasks.uncertain_policy is 'What becomes of mails that the provider may or may not have accepted.';
comment on column app_public.tasks.scheduled_at is 'When it begins, or began.';
comment on column app_public.tasks.generation_started_at is 'When its recipients were chosen and rendering began.';
comment on column app_public.tasks.generation_finished_at is 'When all its mails were rendered.';
comment on column app_public.tasks.completed_at is 'When nothing of it was open any more.';
comment on column app_public.tasks.cancelled_at is 'When it was cancelled.';
comment on column app_public.tasks.error_code is 'Why it failed, in one word.';
comment on column app_public.tasks.error_message is 'Why it failed, in a sentence.';
comment on column app_public.task_files.name is 'Its file name, unique in the Task.';
comment on column app_public.task_templates.weight is 'How many recipients it gets, relative to the Task''s other templates.';
comment on column app_public.task_forecast.recipients is 'All its recipients.';
comment on column app_public.task_forecast_service.name is 'The service''s name.';
comment on column app_public.task_forecast_service.rate_per_hour is 'How many mails an hour it sends while it does not wait for its quota.';
comment on column app_public.task_hindrance.sentence is 'The reason, in a sentence.';
comment on column app_public.task_hindrance.email_service_id is 'The service at fault, where it is one.';
comment on column app_public.templates.name is 'What people call it.';
comment on column app_public.templates.subject is 'The subject, in Liquid.';
comment on column app_public.templates.html is 'The HTML, in Liquid.';
comment on column app_public.templates.text is 'The plain text, in Liquid; null: made from the HTML.';
comment on column app_public.webhook_refusal_counts.hour is 'When the hour begins.';
comment on column app_public.webhook_refusal_counts.refused is 'How many were refused.';
comment on column app_public.webhook_refusal_counts.kept is 'How many of them are kept whole for operators, at most 500.';
comment on table app_public.webhook_refusal_counts is 'How many webhooks of a source were refused in an hour.';
comment on column app_public.workspaces.name is 'What people call it.';
comment on type app_public.task_status is 'Where a Task stands.';
comment on type app_public.sub_task_status is 'Where one recipient''s mail stands.';
comment on table app_public.mail_events is 'What a webhook said of one mail.';
comment on column app_public.email_services.answer_ms is 'How long its provider lately took to accept a mail, on average, in milliseconds.';
