create type app_public.sub_task_status as enum
  ('pending', 'allocated', 'sending', 'sent', 'delivered', 'opened', 'clicked', 'bounced', 'failed', 'cancelled', 'uncertain');
comment on type app_public.sub_task_status is 'Where one recipient''s mail stands. Only functions change it, along app_hidden.sub_task_transitions.';

-- What an index must know of the state. No index has status itself, in a key or a predicate, so a change within a phase (claimed to begun,
-- sent to delivered to opened) is HOT: it writes no index at all.
create type app_public.sub_task_phase as enum ('waiting', 'under_way', 'in_doubt', 'failed', 'over');
comment on type app_public.sub_task_phase is
  'What a state means for the queue: waiting (pending), under_way (allocated, sending), in_doubt (uncertain), failed, over (all others).';

-- The mail comes first: a SubTask is where one stands, so none is without.
create table app_public.sub_task_mails (
  sub_task_id uuid primary key,
  task_id uuid not null references app_public.tasks,
  contact_id uuid references app_public.contacts on delete set null,
  template_id uuid references app_public.templates on delete set null,
  recipient_email text collate "C" not null,
  tracking_id text not null unique,
  rendered_subject text not null,
  rendered_body text not null,
  rendered_text text not null,
  link_urls text[] not null default '{}',
  unique (contact_id, task_id),
  -- In this order it also finds what was sent to an address.
  unique (recipient_email, task_id)
)
-- Bodies lie out of line: the claim reads the address and must not read the mail.
with (toast_tuple_target = 128, autovacuum_vacuum_insert_scale_factor = 0.1);
create index sub_task_mails_by_task on app_public.sub_task_mails (task_id, sub_task_id);
create index sub_task_mails_by_template on app_public.sub_task_mails (template_id);

comment on table app_public.sub_task_mails is 'What was rendered for one recipient, written once.';
comment on column app_public.sub_task_mails.link_urls is 'Where its tracked links lead, by their number.';

-- Only what changes while a mail is on its way; each mail rewrites its row twice (rated) or three times (paced). What is rendered, and for whom, is in sub_task_mails.
-- What the accounting of every move reads stands first: to read a column, PostgreSQL walks over all before it.
create table app_public.sub_tasks (
  id uuid primary key references app_public.sub_task_mails,
  -- That of its mail, where a foreign key checks it. Here one would want an index, to delete a Task by, which each step of every mail would write: all rows
  -- of a Task are found by their mails, and go with it by a trigger.
  task_id uuid not null,
  -- Written by claims alone, which hold the service; a foreign key would look it up again for each mail (1 ms in 200).
  service_id uuid,
  claim_token uuid,
  status app_public.sub_task_status not null,
  phase app_public.sub_task_phase not null generated always as (
    case status when 'pending' then 'waiting'::app_public.sub_task_phase when 'allocated' then 'under_way' when 'sending' then 'under_way' when 'uncertain' then 'in_doubt'
                when 'failed' then 'failed' else 'over' end) stored,
  claimed_by text,
  -- The claim's order. Only the partial index has this column: ordered by id, the planner walks the primary key and filters.
  position bigint not null generated always as identity,
  -- From lane_domains, which is checked; lanes are never deleted.
  lane text collate "C" not null default '',
  available_at timestamptz not null default '-infinity',
  lease_expires_at timestamptz,
  scheduled_at timestamptz,
  handed_over_at timestamptz,
  sent_at timestamptz,
  delivered_at timestamptz,
  opened_at timestamptz,
  clicked_at timestamptz,
  bounced_at timestamptz,
  unsubscribed_at timestamptz,
  complained_at timestamptz,
  human_opened_at timestamptz,
  human_clicked_at timestamptz,
  failed_at timestamptz,
  cancelled_at timestamptz,
  uncertain_at timestamptz,
  created_at timestamptz not null default now(),
  quota_day date,
  open_count integer not null default 0,
  click_count integer not null default 0,
  machine_open_count integer not null default 0,
  machine_click_count integer not null default 0,
  round_trip_ms real,
  attempts smallint not null default 0,
  refusals smallint not null default 0,
  deferrals smallint not null default 0,
  bounce_is_soft boolean,
  sender_email text not null default 'pending',
  message_id text,
  error_code text,
  error_message text,
  provider_response text
)
-- Room for the three versions of a row that its way leaves behind: with half of the page free only 12 of 100 begun rows found it (HOT), and one
-- that doesn't writes four index entries more.
with (fillfactor = 20, autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_insert_scale_factor = 0.1, autovacuum_analyze_scale_factor = 0.05);

create index sub_tasks_waiting on app_public.sub_tasks (task_id, lane, available_at, position) where phase = 'waiting';
-- For a Task's rows too: what is under way is never more than all services may have in flight.
create index sub_tasks_under_way on app_public.sub_tasks (service_id, task_id) where phase = 'under_way';
create index sub_tasks_in_doubt on app_public.sub_tasks (task_id) where phase = 'in_doubt';
create index sub_tasks_failed on app_public.sub_tasks (task_id, error_code) where phase = 'failed';
create index sub_tasks_by_message on app_public.sub_tasks (message_id) where message_id is not null;

comment on table app_public.sub_tasks is 'One recipient''s mail of a Task: where it stands.';
comment on column app_public.sub_tasks.available_at is 'Not claimed before this time; -infinity: at once.';
comment on column app_public.sub_tasks.position is 'Order within the Task.';
comment on column app_public.sub_tasks.lane is 'What its recipient''s domain is capped with; empty: nothing in particular.';
comment on column app_public.sub_tasks.attempts is 'Hand-overs that were begun.';
comment on column app_public.sub_tasks.refusals is 'Definite refusals; part of the idempotency key given to the provider.';
comment on column app_public.sub_tasks.deferrals is 'Refusals for now, which are bounded.';
comment on column app_public.sub_tasks.service_id is 'The service that has it, chosen when it is claimed.';
comment on column app_public.sub_tasks.sender_email is 'The From address, set when it is claimed.';
comment on column app_public.sub_tasks.scheduled_at is 'When its hand-over was planned, set when it is claimed.';
comment on column app_public.sub_tasks.handed_over_at is 'When its hand-over was last begun.';
comment on column app_public.sub_tasks.sent_at is 'When the provider accepted it.';
comment on column app_public.sub_tasks.round_trip_ms is 'How long the provider took to accept it, in milliseconds.';
comment on column app_public.sub_tasks.human_opened_at is 'When it was first opened, not counting what is known to be a robot or privacy proxy.';
comment on column app_public.sub_tasks.human_clicked_at is 'When a link was first followed, not counting what was a robot, as far as one can tell.';
comment on column app_public.sub_tasks.open_count is 'How often it was opened, by whomever.';
comment on column app_public.sub_tasks.click_count is 'How often links were followed, by whomever.';
comment on column app_public.sub_tasks.machine_open_count is 'How many of the opens were a robot''s or privacy proxy''s.';
comment on column app_public.sub_tasks.machine_click_count is 'How many of the clicks were a robot''s, as far as one can tell.';
comment on column app_public.sub_tasks.complained_at is 'When its recipient first called it spam.';
comment on column app_public.sub_tasks.phase is 'What its state means for the queue.';

create table app_hidden.sub_task_transitions (
  from_status app_public.sub_task_status not null,
  to_status app_public.sub_task_status not null,
  primary key (from_status, to_status)
);
comment on table app_hidden.sub_task_transitions is 'The allowed moves of a SubTask.';
insert into app_hidden.sub_task_transitions values
  ('pending', 'allocated'), ('pending', 'sending'), ('pending', 'cancelled'),
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
  id bigint not null generated always as identity,
  sub_task_id uuid not null,
  task_id uuid not null,
  changed_at timestamptz not null,
  from_status app_public.sub_task_status not null,
  to_status app_public.sub_task_status not null,
  service_id uuid,
  claim_token uuid,
  worker text,
  actor text not null,
  reason text,
  primary key (sub_task_id, id)
);
-- Three lines a mail must not cost a second tree. They are written in the order of time, so a summary of the blocks finds what is old.
create index sub_task_changes_by_time on app_hidden.sub_task_changes using brin (changed_at) with (autosummarize = on);
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
  ever_unsubscribed bigint not null default 0,
  ever_complained bigint not null default 0,
  ever_human_opened bigint not null default 0,
  ever_human_clicked bigint not null default 0
) with (fillfactor = 50);
comment on table app_hidden.task_counters is 'The folded part of a Task''s statistics.';

-- One line for each way that rows of a Task went in one statement: few columns, since it is written with every step of every mail.
create table app_hidden.task_counter_changes (
  id bigint primary key generated always as identity,
  task_id uuid not null,
  service_id uuid,
  -- Null: nothing happened to a mail then, as with a repair.
  changed_at timestamptz,
  from_status app_public.sub_task_status,
  to_status app_public.sub_task_status,
  mails integer not null,
  ever_sent integer not null,
  ever_delivered integer not null,
  ever_opened integer not null,
  ever_clicked integer not null,
  ever_bounced integer not null,
  ever_unsubscribed integer not null,
  ever_complained integer not null,
  ever_human_opened integer not null,
  ever_human_clicked integer not null,
  answers integer not null default 0,
  answer_ms double precision not null default 0
) with (autovacuum_vacuum_threshold = 1000, autovacuum_vacuum_scale_factor = 0);
create index task_counter_changes_by_task on app_hidden.task_counter_changes (task_id);
comment on table app_hidden.task_counter_changes is 'What each statement changed, waiting to be folded into task_counters, task_service_counters and minute_counters.';
comment on column app_hidden.task_counter_changes.answers is 'Of how many of the mails it became known how long the provider took to accept them.';
comment on column app_hidden.task_counter_changes.answer_ms is 'Milliseconds it took to accept them, together.';

create view app_hidden.task_counter_deltas as
  select id, task_id,
         case when to_status = 'pending' then mails else 0 end - case when from_status = 'pending' then mails else 0 end as pending,
         case when to_status = 'allocated' then mails else 0 end - case when from_status = 'allocated' then mails else 0 end as allocated,
         case when to_status = 'sending' then mails else 0 end - case when from_status = 'sending' then mails else 0 end as sending,
         case when to_status = 'sent' then mails else 0 end - case when from_status = 'sent' then mails else 0 end as sent,
         case when to_status = 'delivered' then mails else 0 end - case when from_status = 'delivered' then mails else 0 end as delivered,
         case when to_status = 'opened' then mails else 0 end - case when from_status = 'opened' then mails else 0 end as opened,
         case when to_status = 'clicked' then mails else 0 end - case when from_status = 'clicked' then mails else 0 end as clicked,
         case when to_status = 'bounced' then mails else 0 end - case when from_status = 'bounced' then mails else 0 end as bounced,
         case when to_status = 'failed' then mails else 0 end - case when from_status = 'failed' then mails else 0 end as failed,
         case when to_status = 'cancelled' then mails else 0 end - case when from_status = 'cancelled' then mails else 0 end as cancelled,
         case when to_status = 'uncertain' then mails else 0 end - case when from_status = 'uncertain' then mails else 0 end as uncertain,
         ever_sent, ever_delivered, ever_opened, ever_clicked, ever_bounced, ever_unsubscribed, ever_complained, ever_human_opened,
         ever_human_clicked
    from app_hidden.task_counter_changes;
comment on view app_hidden.task_counter_deltas is 'task_counter_changes, by counter.';

create type app_public.task_states as (
  total integer, pending integer, allocated integer, sending integer, sent integer, delivered integer, opened integer, clicked integer,
  bounced integer, failed integer, cancelled integer, uncertain integer
);
comment on type app_public.task_states is 'How many SubTasks are in each state at this moment; total is their sum.';

create type app_public.task_funnel as (
  sent integer, delivered integer, opened integer, clicked integer, bounced integer, unsubscribed integer, complained integer,
  human_opened integer, human_clicked integer
);
comment on type app_public.task_funnel is 'How many SubTasks ever were sent, delivered, opened and so on, whatever became of them since.';
comment on column app_public.task_funnel.opened is 'By whomever: mail scanners and privacy proxies open and follow links, too.';
comment on column app_public.task_funnel.human_opened is 'By a person, as far as one can tell.';
comment on column app_public.task_funnel.human_clicked is 'By a person, as far as one can tell.';

create type app_hidden.hand_over_terms as (
  refusal text, workspace_id uuid, lease_ms integer, sender_display_name text, reply_to text, track_opens boolean, track_clicks boolean
);
comment on type app_hidden.hand_over_terms is 'What a claim''s Task, service and sender say about handing its mails over.';
