create type app_public.sub_task_status as enum
  ('pending', 'allocated', 'sending', 'sent', 'delivered', 'opened', 'clicked', 'bounced', 'failed', 'cancelled', 'uncertain');
comment on type app_public.sub_task_status is 'Where one recipient''s mail stands. Only functions change it, along app_hidden.sub_task_transitions.';

create table app_public.sub_tasks (
  id uuid primary key,
  task_id uuid not null references app_public.tasks on delete cascade,
  contact_id uuid references app_public.contacts on delete set null,
  template_id uuid references app_public.templates on delete set null,
  status app_public.sub_task_status not null,
  available_at timestamptz not null default '-infinity',
  -- The claim's order. Only the partial index has this column: ordered by id, the planner walks the primary key and filters.
  position bigint not null generated always as identity,
  attempts smallint not null default 0,
  refusals smallint not null default 0,
  deferrals smallint not null default 0,
  service_id uuid references app_public.email_services on delete restrict,
  claim_token uuid,
  claimed_by text,
  lease_expires_at timestamptz,
  quota_day date,
  scheduled_at timestamptz,
  handed_over_at timestamptz,
  sent_at timestamptz,
  delivered_at timestamptz,
  opened_at timestamptz,
  clicked_at timestamptz,
  bounced_at timestamptz,
  bounce_is_soft boolean,
  unsubscribed_at timestamptz,
  failed_at timestamptz,
  cancelled_at timestamptz,
  uncertain_at timestamptz,
  open_count integer not null default 0,
  click_count integer not null default 0,
  round_trip_ms real,
  created_at timestamptz not null default now(),
  recipient_email text not null,
  sender_email text not null default 'pending',
  tracking_id text not null unique,
  message_id text,
  error_code text,
  error_message text,
  provider_response text,
  rendered_subject text not null,
  rendered_body text not null,
  rendered_text text not null,
  link_urls text[] not null default '{}',
  unique (contact_id, task_id),
  unique (task_id, recipient_email),
  constraint pending_is_free check (status <> 'pending' or (service_id is null and lease_expires_at is null)),
  constraint allocated_has_lease check (
    status <> 'allocated' or (service_id is not null and claim_token is not null and lease_expires_at is not null and scheduled_at is not null)),
  constraint sending_was_begun check (
    status <> 'sending' or (service_id is not null and claim_token is not null and lease_expires_at is not null and handed_over_at is not null)),
  constraint sent_has_time check (status not in ('sent', 'delivered', 'opened', 'clicked', 'bounced') or sent_at is not null),
  constraint delivered_has_time check (status <> 'delivered' or delivered_at is not null),
  constraint opened_has_time check (status <> 'opened' or opened_at is not null),
  constraint clicked_has_time check (status <> 'clicked' or clicked_at is not null),
  constraint bounced_has_time check (status <> 'bounced' or (bounced_at is not null and bounce_is_soft is not null)),
  constraint failed_has_reason check (status <> 'failed' or (failed_at is not null and error_code is not null)),
  constraint cancelled_has_time check (status <> 'cancelled' or cancelled_at is not null),
  constraint uncertain_has_time check (status <> 'uncertain' or (uncertain_at is not null and handed_over_at is not null))
)
-- toast_tuple_target moves bodies out of line, so that a change of status rewrites some 250 bytes and not the mail.
with (toast_tuple_target = 128, fillfactor = 80, autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_insert_scale_factor = 0.1, autovacuum_analyze_scale_factor = 0.05);

create index sub_tasks_pending on app_public.sub_tasks (task_id, available_at, position) where status = 'pending';
create index sub_tasks_in_flight on app_public.sub_tasks (service_id, lease_expires_at) where status in ('allocated', 'sending');
create index sub_tasks_under_way on app_public.sub_tasks (task_id) where status in ('allocated', 'sending');
create index sub_tasks_uncertain on app_public.sub_tasks (task_id) where status = 'uncertain';
create index sub_tasks_by_message on app_public.sub_tasks (message_id) where message_id is not null;
create index sub_tasks_by_template on app_public.sub_tasks (template_id);

comment on table app_public.sub_tasks is 'One recipient''s mail of a Task.';
comment on column app_public.sub_tasks.available_at is 'Not claimed before this time; -infinity: at once.';
comment on column app_public.sub_tasks.position is 'Order within the Task.';
comment on column app_public.sub_tasks.attempts is 'Hand-overs that were begun.';
comment on column app_public.sub_tasks.refusals is 'Definite refusals; part of the idempotency key given to the provider.';
comment on column app_public.sub_tasks.deferrals is 'Refusals for now, which are bounded.';
comment on column app_public.sub_tasks.service_id is 'The service that has it, chosen when it is claimed.';
comment on column app_public.sub_tasks.sender_email is 'The From address, set when it is claimed.';
comment on column app_public.sub_tasks.scheduled_at is 'When its hand-over was planned, set when it is claimed.';
comment on column app_public.sub_tasks.handed_over_at is 'When its hand-over was last begun.';
comment on column app_public.sub_tasks.sent_at is 'When the provider accepted it.';
comment on column app_public.sub_tasks.round_trip_ms is 'How long the provider took to accept it, in milliseconds.';
comment on column app_public.sub_tasks.link_urls is 'Where its tracked links lead, by their number.';

create table app_hidden.sub_task_transitions (
  from_status app_public.sub_task_status not null,
  to_status app_public.sub_task_status not null,
  primary key (from_status, to_status)
);
comment on table app_hidden.sub_task_transitions is 'The allowed moves of a SubTask.';
insert into app_hidden.sub_task_transitions values
  ('pending', 'allocated'), ('pending', 'cancelled'),
  ('allocated', 'sending'), ('allocated', 'pending'), ('allocated', 'cancelled'),
  ('sending', 'sent'), ('sending', 'failed'), ('sending', 'uncertain'), ('sending', 'pending'), ('sending', 'cancelled'),
  ('uncertain', 'sent'), ('uncertain', 'delivered'), ('uncertain', 'opened'), ('uncertain', 'clicked'), ('uncertain', 'bounced'),
  ('uncertain', 'pending'), ('uncertain', 'failed'), ('uncertain', 'cancelled'),
  ('sent', 'delivered'), ('sent', 'opened'), ('sent', 'clicked'), ('sent', 'bounced'),
  ('delivered', 'opened'), ('delivered', 'clicked'), ('delivered', 'bounced'),
  ('opened', 'clicked'), ('opened', 'bounced'),
  ('clicked', 'bounced'),
  ('bounced', 'delivered'), ('bounced', 'opened'), ('bounced', 'clicked'),
  ('failed', 'pending'), ('failed', 'delivered'), ('failed', 'opened'), ('failed', 'clicked'), ('failed', 'bounced');

create table app_hidden.sub_task_changes (
  id bigint primary key generated always as identity,
  sub_task_id uuid not null,
  task_id uuid not null,
  changed_at timestamptz not null,
  from_status app_public.sub_task_status not null,
  to_status app_public.sub_task_status not null,
  service_id uuid,
  claim_token uuid,
  worker text,
  actor text not null,
  reason text
);
create index sub_task_changes_by_sub_task on app_hidden.sub_task_changes (sub_task_id, id);
comment on table app_hidden.sub_task_changes is 'The ledger: who moved which SubTask when, from where, to where, and why.';

-- Counters are appended, not updated: 16 clients updating counter rows gave 50 to 58 deadlocks in 8 s and half the rate.
create table app_hidden.task_counters (
  task_id uuid primary key references app_public.tasks on delete cascade,
  pending bigint not null default 0,
  allocated bigint not null default 0,
  sending bigint not null default 0,
  sent bigint not null default 0,
  delivered bigint not null default 0,
  opened bigint not null default 0,
  clicked bigint not null default 0,
  bounced bigint not null default 0,
  failed bigint not null default 0,
  cancelled bigint not null default 0,
  uncertain bigint not null default 0,
  ever_sent bigint not null default 0,
  ever_delivered bigint not null default 0,
  ever_opened bigint not null default 0,
  ever_clicked bigint not null default 0,
  ever_bounced bigint not null default 0,
  ever_unsubscribed bigint not null default 0
) with (fillfactor = 50);
comment on table app_hidden.task_counters is 'The folded part of a Task''s statistics.';

create table app_hidden.task_counter_changes (
  id bigint primary key generated always as identity,
  task_id uuid not null,
  pending integer not null,
  allocated integer not null,
  sending integer not null,
  sent integer not null,
  delivered integer not null,
  opened integer not null,
  clicked integer not null,
  bounced integer not null,
  failed integer not null,
  cancelled integer not null,
  uncertain integer not null,
  ever_sent integer not null,
  ever_delivered integer not null,
  ever_opened integer not null,
  ever_clicked integer not null,
  ever_bounced integer not null,
  ever_unsubscribed integer not null
) with (autovacuum_vacuum_threshold = 1000, autovacuum_vacuum_scale_factor = 0);
create index task_counter_changes_by_task on app_hidden.task_counter_changes (task_id);
comment on table app_hidden.task_counter_changes is 'Sums of the changes of each statement, waiting to be folded into task_counters.';

create type app_public.task_states as (
  total integer, pending integer, allocated integer, sending integer, sent integer, delivered integer, opened integer, clicked integer,
  bounced integer, failed integer, cancelled integer, uncertain integer
);
comment on type app_public.task_states is 'How many SubTasks are in each state at this moment; total is their sum.';

create type app_public.task_funnel as (
  sent integer, delivered integer, opened integer, clicked integer, bounced integer, unsubscribed integer
);
comment on type app_public.task_funnel is 'How many SubTasks ever were sent, delivered, opened and so on, whatever became of them since.';

create type app_public.task_service as (
  email_service_id uuid, name text, interval_ms integer, sent integer, delivered integer, bounced integer, failed integer, uncertain integer,
  median_round_trip_ms double precision
);
comment on type app_public.task_service is 'What one service did for a Task.';
