-- What is watched, what is done about it, and who is told.

create type app_public.alert_action as enum ('none', 'pause_task', 'freeze_service');
comment on type app_public.alert_action is
  'What an alert does by itself when it is critical: none; pause_task (the Tasks that caused it); freeze_service (nothing goes out through it until a person releases it).';
grant usage on type app_public.alert_action to postilion_visitor, postilion_user, postilion_admin;

create table app_public.alert_rules (
  kind text primary key check (kind ~ '^[a-z][a-z_]{1,59}$'),
  title text not null,
  unit text not null,
  is_floor boolean not null default false,
  warning_at double precision,
  critical_at double precision,
  window_minutes integer not null,
  minimum_volume integer not null default 0,
  sustained_minutes integer not null default 0,
  slack real not null default 0.1,
  quiet_minutes integer not null default 10,
  repeat_minutes integer not null default 240,
  action app_public.alert_action not null default 'none',
  is_enabled boolean not null default true,
  updated_at timestamptz not null default now(),
  constraint alert_rules_warning_at_check check (warning_at between 0 and 1e12),
  constraint alert_rules_critical_at_check check (
    critical_at between 0 and 1e12 and (case when is_floor then critical_at <= warning_at else critical_at >= warning_at end) is not false),
  constraint alert_rules_window_minutes_check check (window_minutes between 5 and 44640),
  constraint alert_rules_minimum_volume_check check (minimum_volume >= 0),
  constraint alert_rules_sustained_minutes_check check (sustained_minutes between 0 and 10080),
  constraint alert_rules_slack_check check (slack between 0 and 1),
  constraint alert_rules_quiet_minutes_check check (quiet_minutes between 0 and 10080),
  constraint alert_rules_repeat_minutes_check check (repeat_minutes between 15 and 44640),
  -- Only these know which service and which Tasks are to blame.
  constraint alert_rules_action_check check (action = 'none' or kind in ('complaint_rate', 'hard_bounce_rate', 'success_rate'))
);
comment on table app_public.alert_rules is 'What is watched: one rule for each kind of alert. docs/alerts.md says what each means.';
comment on column app_public.alert_rules.kind is 'As in the rule of an alert.';
comment on column app_public.alert_rules.title is 'What its value is.';
comment on column app_public.alert_rules.unit is 'What its value and both thresholds are counted in; yes: 1 when it is so.';
comment on column app_public.alert_rules.is_floor is 'The smaller the value, the worse: it is found below a threshold. Otherwise at a threshold or above.';
comment on column app_public.alert_rules.warning_at is 'The threshold of a warning; null: it never warns.';
comment on column app_public.alert_rules.critical_at is 'The threshold of a critical alert; null: it is never critical.';
comment on column app_public.alert_rules.window_minutes is 'How far back it looks, in minutes.';
comment on column app_public.alert_rules.minimum_volume is 'Of fewer mails (or whatever it counts) than this nothing is concluded.';
comment on column app_public.alert_rules.sustained_minutes is 'For how long it must be so before an alert is opened.';
comment on column app_public.alert_rules.slack is 'An open alert ends only when the value is better than its threshold by this share of it.';
comment on column app_public.alert_rules.quiet_minutes is 'For how long it must be so no more before an alert is resolved.';
comment on column app_public.alert_rules.repeat_minutes is 'How long after it was told an alert that nobody acknowledged is told again, in minutes.';
comment on column app_public.alert_rules.action is 'What is done by itself, once for each alert, when it becomes critical.';
comment on column app_public.alert_rules.is_enabled is 'Switched off, its open alerts are resolved and no new one is opened.';

insert into app_public.alert_rules
  (kind, title, unit, is_floor, warning_at, critical_at, window_minutes, minimum_volume, sustained_minutes, slack, quiet_minutes, repeat_minutes, action)
values
  ('service_unusable', 'the provider refuses the service for what a person must mend', 'yes', false, null, null, 60, 0, 0, 0, 0, 240, 'none'),
  ('stuck_mails', 'how long the longest has waited for a worker that is late', 'minutes', false, 2, 10, 60, 1, 0, 0, 10, 60, 'none'),
  ('service_down', 'a service has work and nothing runs it', 'yes', false, null, 1, 60, 0, 4, 0, 10, 60, 'none'),
  ('service_frozen', 'a service is frozen for a fault', 'yes', false, 1, null, 60, 0, 15, 0, 15, 240, 'none'),
  ('success_rate', 'mails that were taken and did not bounce', '%', true, 95, 80, 1440, 100, 0, 0.01, 15, 240, 'none'),
  ('hard_bounce_rate', 'mails that came back for good', '%', false, 2, 5, 1440, 1000, 0, 0.1, 30, 240, 'pause_task'),
  ('complaint_rate', 'mails that were called spam', '%', false, 0.1, 0.3, 1440, 1000, 0, 0.1, 30, 240, 'freeze_service'),
  ('webhook_silence', 'how long a service that sends was not heard of', 'hours', false, 1, 6, 1440, 1, 0, 0, 0, 720, 'none'),
  ('backlog_late', 'how much later than foreseen a Task will be done', 'hours', false, 1, 24, 1440, 1, 10, 0.5, 10, 720, 'none'),
  ('quota_low', 'what is left of a quota that will not suffice', '%', true, 10, null, 1440, 50, 0, 0.1, 10, 1440, 'none'),
  ('statistics_drift', 'how often statistics differed from the rows', 'times', false, 1, null, 1440, 0, 0, 0, 10, 1440, 'none'),
  ('parked_events', 'webhooks that were given up', 'webhooks', false, 1, 1000, 1440, 0, 0, 0, 10, 1440, 'none'),
  ('disk_low', 'room that is left for the database', '%', true, 10, 3, 60, 0, 0, 0.1, 10, 240, 'none'),
  ('repair_recurs', 'how often the same thing was mended', 'times', false, 3, 20, 60, 0, 0, 0, 60, 240, 'none');

alter table app_public.alert_rules enable row level security;
create policy admin_all on app_public.alert_rules to postilion_admin using (true) with check (true);
grant select (kind, title, unit, is_floor, warning_at, critical_at, window_minutes, minimum_volume, sustained_minutes, slack, quiet_minutes, repeat_minutes,
    action, is_enabled, updated_at),
  update (warning_at, critical_at, window_minutes, minimum_volume, sustained_minutes, slack, quiet_minutes, repeat_minutes, action, is_enabled)
  on app_public.alert_rules to postilion_admin;

create type app_hidden.alert_reading as (
  subject text, workspace_id uuid, value double precision, volume bigint, says text, remedy text, details jsonb);
comment on type app_hidden.alert_reading is
  'What a rule measured of one subject, good or bad: its value, of how many that is, a sentence, what to do, and ids (emailServiceId, taskIds) for its action.';

create type app_hidden.judged_reading as (reading app_hidden.alert_reading, severity app_public.alert_severity);
comment on type app_hidden.judged_reading is 'A reading, and how grave it is.';

alter table app_public.alerts
  add column remedy text check (length(remedy) <= 1000),
  add column action_taken text check (length(action_taken) <= 1000),
  add column acted_at timestamptz,
  add column cleared_at timestamptz;
comment on column app_public.alerts.remedy is 'What to do about it; null: its message says so.';
comment on column app_public.alerts.action_taken is 'What was done about it by itself, and how to undo that; null: nothing.';
comment on column app_public.alerts.acted_at is 'When that was.';
comment on column app_public.alerts.cleared_at is 'Since when it is found no more; it is resolved when it stays so.';
grant select (remedy, action_taken, acted_at) on app_public.alerts to postilion_admin, postilion_user;

create table app_hidden.alert_suspicions (
  kind text not null references app_public.alert_rules on delete cascade,
  subject text not null,
  since timestamptz not null,
  primary key (kind, subject)
);
comment on table app_hidden.alert_suspicions is 'Since when something has been as a rule does not want it, alert or not.';
alter table app_hidden.alert_suspicions enable row level security;

create table app_hidden.alert_evaluations (
  kind text primary key references app_public.alert_rules on delete cascade,
  evaluated_at timestamptz not null
);
comment on table app_hidden.alert_evaluations is 'When a rule was last looked at, so that of many workers one does.';
alter table app_hidden.alert_evaluations enable row level security;

create table app_hidden.task_plans (
  task_id uuid primary key references app_public.tasks on delete cascade,
  noted_at timestamptz not null,
  until timestamptz not null
);
comment on table app_hidden.task_plans is 'When a Task was to be done, as it was foreseen when it was first seen under way: the measure of backlog_late.';
alter table app_hidden.task_plans enable row level security;

create type app_public.alert_channel_kind as enum ('log', 'webhook', 'email');
comment on type app_public.alert_channel_kind is 'How alerts are told: log (of the worker), webhook (Standard Webhooks; Slack and Mattermost show it), email.';
grant usage on type app_public.alert_channel_kind to postilion_visitor, postilion_user, postilion_admin;

create table app_public.alert_channels (
  id uuid primary key default gen_random_uuid(),
  kind app_public.alert_channel_kind not null,
  name text not null constraint alert_channels_name_key unique,
  host text,
  addresses text[],
  email_service_id uuid references app_public.email_services on delete restrict,
  sender_id uuid references app_public.senders on delete restrict,
  minimum_severity app_public.alert_severity not null default 'warning',
  most_per_hour integer not null default 6,
  is_enabled boolean not null default true,
  created_at timestamptz not null default now(),
  last_sent_at timestamptz,
  last_error text,
  last_error_at timestamptz,
  constraint alert_channels_name_check check (length(name) between 1 and 100),
  constraint alert_channels_most_per_hour_check check (most_per_hour between 1 and 60),
  constraint alert_channels_is_enabled_check check (is_enabled or kind <> 'log'),
  constraint alert_channels_host_check check (length(host) between 1 and 300),
  constraint alert_channels_addresses_check check (cardinality(addresses) between 1 and 20),
  constraint a_channel_leads_somewhere check (
    case kind
      when 'log' then host is null and addresses is null and email_service_id is null and sender_id is null
      when 'webhook' then host is not null and addresses is null and email_service_id is null and sender_id is null
      else addresses is not null and (host is null) = (email_service_id is not null) and (email_service_id is null) = (sender_id is null)
    end)
);
create index alert_channels_by_service on app_public.alert_channels (email_service_id) where email_service_id is not null;
create index alert_channels_by_sender on app_public.alert_channels (sender_id) where sender_id is not null;
comment on table app_public.alert_channels is 'Where alerts are told. The log is always one of them.';
comment on column app_public.alert_channels.host is 'Of a webhook or a mail server. The rest of the address is kept encrypted, for it often holds a secret.';
comment on column app_public.alert_channels.addresses is 'Who gets the mails.';
comment on column app_public.alert_channels.email_service_id is 'The service whose queue the mails take, before all others and within its pace, quota and freeze; null: a mail server of its own.';
comment on column app_public.alert_channels.sender_id is 'From whom they are then; the workspace of this sender pays for them.';
comment on column app_public.alert_channels.minimum_severity is 'Alerts below it are not told.';
comment on column app_public.alert_channels.most_per_hour is 'How many messages it gets in an hour at most; what comes meanwhile is told together in the next.';
comment on column app_public.alert_channels.is_enabled is 'Whether it is used. The log can not be switched off.';
comment on column app_public.alert_channels.last_sent_at is 'When a message was last taken.';
comment on column app_public.alert_channels.last_error is 'Why the last message was not taken; null: it was.';
comment on column app_public.alert_channels.last_error_at is 'When that was.';
insert into app_public.alert_channels (kind, name, minimum_severity, most_per_hour) values ('log', 'log', 'info', 60);
alter table app_public.alert_channels enable row level security;
create policy admin_all on app_public.alert_channels to postilion_admin using (true) with check (true);
create policy log_stays on app_public.alert_channels as restrictive for delete to postilion_admin using (kind <> 'log');
grant select (id, kind, name, host, addresses, email_service_id, sender_id, minimum_severity, most_per_hour, is_enabled, created_at, last_sent_at, last_error,
    last_error_at),
  update (name, minimum_severity, most_per_hour, is_enabled), delete
  on app_public.alert_channels to postilion_admin;

create table app_private.alert_channel_secrets (
  alert_channel_id uuid primary key references app_public.alert_channels on delete cascade,
  sealed bytea not null
);
comment on table app_private.alert_channel_secrets is 'The address and the key of a channel, encrypted by the server before they reached the database.';
alter table app_private.alert_channel_secrets enable row level security;

create table app_hidden.alert_tellings (
  alert_id uuid not null references app_public.alerts on delete cascade,
  channel_id uuid not null references app_public.alert_channels on delete cascade,
  told_at timestamptz not null,
  severity app_public.alert_severity not null,
  is_resolved boolean not null default false,
  was_acted boolean not null default false,
  primary key (alert_id, channel_id)
);
create index alert_tellings_by_channel on app_hidden.alert_tellings (channel_id, alert_id) where not is_resolved;
comment on table app_hidden.alert_tellings is 'What a channel was last told of an alert, and when.';
alter table app_hidden.alert_tellings enable row level security;

create table app_hidden.alert_deliveries (
  id uuid primary key default gen_random_uuid(),
  channel_id uuid not null references app_public.alert_channels on delete cascade,
  address text,
  is_test boolean not null default false,
  digest jsonb not null,
  created_at timestamptz not null,
  attempts integer not null default 0,
  next_attempt_at timestamptz not null,
  sent_at timestamptz,
  given_up_at timestamptz,
  error text
);
create index alert_deliveries_due on app_hidden.alert_deliveries (next_attempt_at) where sent_at is null and given_up_at is null;
create index alert_deliveries_by_channel on app_hidden.alert_deliveries (channel_id, created_at);
create index alert_deliveries_by_time on app_hidden.alert_deliveries (created_at);
comment on table app_hidden.alert_deliveries is 'Messages to channels: written with what they tell of, sent afterwards, and tried again until they are taken or given up.';
comment on column app_hidden.alert_deliveries.digest is 'What it says, as the sender puts it into words.';
comment on column app_hidden.alert_deliveries.next_attempt_at is 'While it is being sent: when somebody else takes it, should the one who does so be gone.';
comment on column app_hidden.alert_deliveries.error is 'What the last attempt came to.';
alter table app_hidden.alert_deliveries enable row level security;

create type app_hidden.alert_change as (alert_id uuid, what text, kind text, severity app_public.alert_severity, notice jsonb);
comment on type app_hidden.alert_change is 'One thing a channel is to be told of.';

create type app_private.alert_delivery as (
  id uuid, channel_id uuid, kind app_public.alert_channel_kind, channel text, address text, email_service_id uuid, digest jsonb, sealed bytea, attempts integer);
comment on type app_private.alert_delivery is 'A message that is to be sent now, with all that this takes.';

-- Written only when a mail is called spam or comes back for good: so that the hour that is not closed yet counts, too.
create index mail_events_against on app_public.mail_events (recorded_at) where kind in ('complaint', 'hard_bounce') and sub_task_id is not null;
create index repairs_by_time on app_hidden.repairs (at);
