create table app_hidden.repairs (
  id bigint primary key generated always as identity,
  at timestamptz not null,
  what text not null,
  subject uuid,
  why text not null,
  how_many bigint not null check (how_many >= 0),
  actor text not null default session_user,
  detail jsonb not null default '{}'
);
create index repairs_by_subject on app_hidden.repairs (subject, id);
comment on table app_hidden.repairs is 'What was mended, when, why and by whom: the audit trail of every repair.';
comment on column app_hidden.repairs.what is 'The function that mended.';
comment on column app_hidden.repairs.subject is 'The id of what was mended, such as a Task.';
comment on column app_hidden.repairs.how_many is 'Mails, rows or counts, as the repair counts them.';
alter table app_hidden.repairs enable row level security;

create table app_hidden.statistics_checks (
  is_only boolean primary key default true check (is_only),
  last_task_id uuid
);
insert into app_hidden.statistics_checks default values;
comment on table app_hidden.statistics_checks is 'The last Task whose statistics were compared with its rows: one row.';
alter table app_hidden.statistics_checks enable row level security;

-- Whether a person clicked may be judged anew long after the click, and then turn either way: so each turn is an event of its own, in its hour.
create table app_hidden.click_verdicts (
  id bigint primary key generated always as identity,
  sub_task_id uuid not null,
  task_id uuid not null,
  service_id uuid,
  by_person boolean not null,
  recorded_at timestamptz not null default clock_timestamp()
);
create index click_verdicts_by_time on app_hidden.click_verdicts (recorded_at);
comment on table app_hidden.click_verdicts is 'When a mail began, or ceased, to count as clicked in by a person; kept until its hour is closed.';
alter table app_hidden.click_verdicts enable row level security;
insert into app_hidden.click_verdicts (sub_task_id, task_id, service_id, by_person)
  select id, task_id, service_id, true from app_public.sub_tasks where human_clicked_at is not null;

-- No foreign keys: an hour that is closed stays as it is, whatever becomes of the Task, the service and their rows.
create table app_public.hourly_statistics (
  hour timestamptz not null,
  task_id uuid not null,
  workspace_id uuid,
  service_id uuid,
  lane text collate "C" not null,
  sent integer not null default 0,
  delivered integer not null default 0,
  soft_bounced integer not null default 0,
  hard_bounced integer not null default 0,
  bounced integer not null default 0,
  opened integer not null default 0,
  clicked integer not null default 0,
  human_opened integer not null default 0,
  human_clicked integer not null default 0,
  complained integer not null default 0,
  unsubscribed integer not null default 0,
  failed integer not null default 0,
  uncertain integer not null default 0,
  round_trip_ms_sum double precision not null default 0,
  round_trip_count integer not null default 0,
  unique nulls not distinct (hour, task_id, service_id, lane)
);
create index hourly_statistics_by_task on app_public.hourly_statistics (task_id, hour);
create index hourly_statistics_by_service on app_public.hourly_statistics (service_id, hour);
comment on table app_public.hourly_statistics is
  'What was recorded in each hour (UTC), by Task, service and lane of the recipients. A mail counts once as sent, delivered, opened and so on: in the hour it was first heard of.';
comment on column app_public.hourly_statistics.human_opened is 'Mails opened by someone who is not known to be a machine.';
comment on column app_public.hourly_statistics.human_clicked is 'Mails clicked in by someone who is not known to be a machine, less those of which this was withdrawn in this hour.';
comment on column app_public.hourly_statistics.bounced is 'Mails that came to stand as bounced, less those that were delivered after a soft bounce in this hour.';
comment on column app_public.hourly_statistics.failed is 'How often a hand-over was refused for good.';
comment on column app_public.hourly_statistics.uncertain is 'How often a hand-over ended in doubt.';
comment on column app_public.hourly_statistics.round_trip_ms_sum is 'Milliseconds that providers took to accept mails, together …';
comment on column app_public.hourly_statistics.round_trip_count is '… and of how many mails that is known.';
alter table app_public.hourly_statistics enable row level security;
create policy admin_all on app_public.hourly_statistics to postilion_admin using (true) with check (true);
grant select (hour, task_id, workspace_id, service_id, lane, sent, delivered, soft_bounced, hard_bounced, bounced, opened, clicked, human_opened, human_clicked,
    complained, unsubscribed, failed, uncertain, round_trip_ms_sum, round_trip_count)
  on app_public.hourly_statistics to postilion_admin;

create table app_hidden.roll_up_progress (
  is_only boolean primary key default true check (is_only),
  rolled_until timestamptz not null,
  barrier xid8,
  barrier_at timestamptz
);
insert into app_hidden.roll_up_progress (rolled_until)
  select date_trunc('hour', coalesce(min(changed_at), now()), 'UTC') from app_hidden.sub_task_changes;
comment on table app_hidden.roll_up_progress is 'Up to when hourly_statistics is closed: one row.';
comment on column app_hidden.roll_up_progress.barrier is 'Every transaction that ran at barrier_at has a number below this one.';
alter table app_hidden.roll_up_progress enable row level security;

-- received_at is when we were told; a body may be read much later, or again, and then its hour is closed.
alter table app_public.mail_events add column recorded_at timestamptz not null default clock_timestamp();
comment on column app_public.mail_events.recorded_at is 'When this row was written.';
-- An hour is read once, from the newest end of tables that grow all the time: a summary of the blocks finds it, a tree would cost each insert.
create index if not exists mail_events_by_time on app_public.mail_events using brin (recorded_at) with (autosummarize = on);
create index if not exists event_keys_by_time on app_hidden.event_keys using brin (seen_at) with (autosummarize = on);

create type app_public.service_statistics as (
  since timestamptz, until timestamptz, sent integer, delivered integer, soft_bounced integer, hard_bounced integer, bounced integer, opened integer, clicked integer,
  human_opened integer, human_clicked integer, complained integer, unsubscribed integer, failed integer, uncertain integer,
  success_rate double precision, mean_round_trip_ms double precision
);
comment on type app_public.service_statistics is 'What a service did in a period of whole hours.';
comment on column app_public.service_statistics.success_rate is
  '(sent - bounced) / (sent + failed): of the mails whose hand-over was decided, those taken that do not stand as bounced. A mail delivered after a soft bounce is none of these, and one that bounced twice is one. Null: nothing was decided.';
comment on column app_public.service_statistics.mean_round_trip_ms is 'How long its provider took to accept a mail, in milliseconds; null: it accepted none.';
grant usage on type app_public.service_statistics to postilion_visitor, postilion_user, postilion_admin;

-- Where each service's walk along the ledger has come, once for each age at which its mails are asked for.
create table app_hidden.reconciliations (
  email_service_id uuid not null references app_public.email_services on delete cascade,
  age interval not null,
  position timestamptz not null,
  leased_until timestamptz not null default '-infinity',
  primary key (email_service_id, age)
) with (fillfactor = 50);
comment on table app_hidden.reconciliations is 'Up to when the mails that a service sent were looked at, to ask its provider for those that nothing was heard of.';
comment on column app_hidden.reconciliations.age is 'How old a mail is when it is asked for.';
comment on column app_hidden.reconciliations.leased_until is 'Somebody asks until then.';
alter table app_hidden.reconciliations enable row level security;

create type app_private.unheard as (position timestamptz, message_ids text[], from_times timestamptz[], until_times timestamptz[]);
comment on type app_private.unheard is 'Mails that nothing was heard of, and the time up to which the ledger was looked through for them.';
grant usage on type app_private.unheard to postilion_worker;

create table app_hidden.dropped_bodies (
  task_id uuid primary key references app_public.tasks on delete cascade,
  last_email text not null default '',
  finished_at timestamptz
) with (fillfactor = 50);
comment on table app_hidden.dropped_bodies is 'Tasks whose rendered bodies are being dropped, or are gone: they can not be sent again.';
comment on column app_hidden.dropped_bodies.last_email is 'The last recipient whose mail was dropped; the next chunk begins behind it.';
alter table app_hidden.dropped_bodies enable row level security;
comment on column app_public.sub_task_mails.rendered_body is 'The HTML; empty once its Task has been finished for BODY_DAYS days.';
comment on column app_public.sub_task_mails.rendered_text is 'The plain text; empty once its Task has been finished for BODY_DAYS days.';
