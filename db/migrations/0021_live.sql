-- NOTIFY has no replay, so each subject that can be listened to has a number that only grows, kept here and read with the subject itself: who
-- knows a number knows whether anything was announced since, after a break and in any process. Two tables count for a Task, since two hands
-- write: its state under its own lock, its statistics at the fold. One row for both would have the fold wait for every long verb.
create table app_hidden.task_revisions (
  task_id uuid primary key references app_public.tasks on delete cascade,
  revision integer not null check (revision > 0)
) with (fillfactor = 50);
comment on table app_hidden.task_revisions is 'How often a Task''s state changed.';
alter table app_hidden.task_revisions enable row level security;

create table app_hidden.task_folds (
  task_id uuid primary key references app_public.tasks on delete cascade,
  folds integer not null check (folds > 0)
) with (fillfactor = 50);
comment on table app_hidden.task_folds is 'How often a Task''s statistics were folded and announced.';
alter table app_hidden.task_folds enable row level security;

create type app_public.hand_over as (ended_at timestamptz, outcome app_public.sub_task_status, mails integer);
comment on type app_public.hand_over is 'What came of a service''s mails in one of its turns: one mail of a paced service, up to a batch of a rated one.';
comment on column app_public.hand_over.outcome is
  'sent: accepted; failed: refused for good; pending: refused for now, or not written; uncertain: no answer; cancelled: refused for now, its Task is cancelled.';

create table app_hidden.service_pulses (
  email_service_id uuid primary key references app_public.email_services on delete cascade,
  sequence integer not null default 0,
  fingerprint bigint,
  hand_overs app_public.hand_over[] not null default '{}'
) with (fillfactor = 25, autovacuum_vacuum_threshold = 200, autovacuum_vacuum_scale_factor = 0);
comment on table app_hidden.service_pulses is 'The last hand-overs of each service, and how often a change of it was announced.';
comment on column app_hidden.service_pulses.fingerprint is 'A hash of what was last announced.';
alter table app_hidden.service_pulses enable row level security;

create type app_public.service_activity as enum ('sending', 'waiting', 'frozen', 'exhausted', 'no_work', 'disabled', 'stopped');
comment on type app_public.service_activity is
  'What a service does: sending; waiting (for its interval, or its next work); frozen (after a fault); exhausted (its daily quota is used up); no_work; disabled; stopped (all sending is).';

create type app_public.service_state as (
  email_service_id uuid, activity app_public.service_activity, until timestamptz, reason text, next_slot_at timestamptz,
  used_quota integer, daily_quota integer, in_flight integer, sequence integer, hand_overs app_public.hand_over[]
);
comment on type app_public.service_state is 'A service at one moment.';
grant usage on type app_public.hand_over, app_public.service_activity, app_public.service_state to postilion_visitor, postilion_user, postilion_admin;

-- A line for each Task and batch of events. Those who apply append; one hand numbers what is committed, so that no number appears behind a
-- higher one, as ids do. It holds where the events are, not the events.
create table app_hidden.event_batches (
  id bigint primary key generated always as identity,
  task_id uuid not null,
  workspace_id uuid,
  position integer,
  event_count integer not null,
  event_ids bigint[] not null,
  received_at timestamptz[] not null,
  check (cardinality(event_ids) = cardinality(received_at)),
  check ((workspace_id is null) = (position is null))
);
create unique index event_batches_in_order on app_hidden.event_batches (workspace_id, position) where position is not null;
create index event_batches_unnumbered on app_hidden.event_batches (id) where position is null;
comment on table app_hidden.event_batches is 'Which mail events were applied lately, in the order in which they became visible; the last thousand batches of each workspace.';
comment on column app_hidden.event_batches.position is 'Counts the workspace''s batches; null: not numbered yet.';
comment on column app_hidden.event_batches.event_ids is 'The latest hundred of them in mail_events, with received_at, its other key.';
alter table app_hidden.event_batches enable row level security;

create table app_hidden.event_positions (
  workspace_id uuid primary key references app_public.workspaces on delete cascade,
  position integer not null
) with (fillfactor = 50);
comment on table app_hidden.event_positions is 'The last number in each workspace''s event_batches.';
alter table app_hidden.event_positions enable row level security;

create type app_public.event_page as (
  since integer, sequence integer, is_complete boolean, event_ids bigint[], received_at timestamptz[]
);
comment on type app_public.event_page is 'Where the events are that were applied after one number, up to another.';
grant usage on type app_public.event_page to postilion_visitor, postilion_user, postilion_admin;

create type app_public.alert_severity as enum ('info', 'warning', 'critical');
comment on type app_public.alert_severity is 'How much an alert matters: info, warning (see to it today), critical (see to it now).';

create table app_public.alerts (
  id uuid primary key default gen_random_uuid(),
  workspace_id uuid references app_public.workspaces on delete cascade,
  rule text not null check (rule ~ '^[a-z][a-z_]{1,59}$'),
  subject text not null check (length(subject) between 1 and 200),
  severity app_public.alert_severity not null,
  message text not null check (length(message) between 1 and 1000),
  details jsonb not null default '{}' check (jsonb_typeof(details) = 'object'),
  times integer not null default 1 check (times > 0),
  opened_at timestamptz not null,
  last_seen_at timestamptz not null,
  acknowledged_at timestamptz,
  acknowledged_by uuid references app_public.users on delete set null,
  resolved_at timestamptz,
  is_announced boolean not null default false,
  constraint alerts_acknowledged_check check (acknowledged_by is null or acknowledged_at is not null)
);
create unique index alerts_open on app_public.alerts (rule, subject) where resolved_at is null;
create index alerts_by_workspace on app_public.alerts (workspace_id, opened_at);
create index alerts_by_acknowledger on app_public.alerts (acknowledged_by) where acknowledged_by is not null;
create index alerts_resolved on app_public.alerts (resolved_at) where resolved_at is not null;
create index alerts_unannounced on app_public.alerts (id) where not is_announced;
comment on table app_public.alerts is 'What somebody should know of: raised by a rule about a subject, open until it is resolved. A rule has one open alert about a subject.';
comment on column app_public.alerts.workspace_id is 'Whose it is; null: the installation''s, which admins see.';
comment on column app_public.alerts.rule is 'What was found, such as service_unusable.';
comment on column app_public.alerts.subject is 'What it was found of: an id, or a name.';
comment on column app_public.alerts.message is 'A sentence for people.';
comment on column app_public.alerts.details is 'What the rule knows, as an object.';
comment on column app_public.alerts.times is 'How often it was found since it was opened.';
comment on column app_public.alerts.last_seen_at is 'When it was last found.';
comment on column app_public.alerts.acknowledged_at is 'When somebody said that they had seen it; null: nobody has.';
comment on column app_public.alerts.resolved_at is 'When it was found no more; null: it is open.';
alter table app_public.alerts enable row level security;
create policy admin_all on app_public.alerts to postilion_admin using (true) with check (true);
grant usage on type app_public.alert_severity to postilion_visitor, postilion_user, postilion_admin;
create policy member_select on app_public.alerts for select to postilion_user
  using (workspace_id = any ((select app_hidden.workspaces_as('viewer'))::uuid[]));
grant select (id, workspace_id, rule, subject, severity, message, details, times, opened_at, last_seen_at, acknowledged_at, acknowledged_by, resolved_at)
  on app_public.alerts to postilion_admin, postilion_user;

create table app_hidden.alert_changes (
  workspace_id uuid unique nulls not distinct references app_public.workspaces on delete cascade,
  number integer not null
) with (fillfactor = 50);
comment on table app_hidden.alert_changes is 'How often changes of a workspace''s alerts, or of the installation''s (null), were announced.';
alter table app_hidden.alert_changes enable row level security;

create type app_public.alert_list as (sequence integer, ids uuid[], open_count integer);
comment on type app_public.alert_list is 'The open alerts that the caller may see, the gravest first: a hundred of them, and how many there are.';
grant usage on type app_public.alert_list to postilion_visitor, postilion_user, postilion_admin;
