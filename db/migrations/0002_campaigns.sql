create type app_public.contact_status as enum ('active', 'bounced', 'unsubscribed', 'complained');
comment on type app_public.contact_status is 'Whether a Contact may be written to: only an active one is.';
create type app_public.recipient_rule as enum ('all', 'tags', 'contacts');
comment on type app_public.recipient_rule is 'Who receives a Task: every active Contact of the workspace, those chosen by tags, or those listed.';
create type app_public.task_status as enum
  ('draft', 'scheduled', 'generating', 'queued', 'sending', 'paused', 'completed', 'cancelled', 'failed');
comment on type app_public.task_status is 'Where a Task stands. Only functions change it, along app_hidden.task_transitions.';

create table app_public.workspaces (
  id uuid primary key default gen_random_uuid(),
  name text not null check (length(name) between 1 and 200),
  created_at timestamptz not null default now()
);
comment on table app_public.workspaces is 'Owns contacts, templates, senders and Tasks. Workspaces take turns at every service.';
-- So that a new installation can be used at once.
insert into app_public.workspaces (name) values ('Main');

-- Addresses are kept in the order of bytes, whatever the database's collation: so one index serves the key, the order and the beginning of an
-- address. What are small letters and blanks is the database's to say all the same.
create table app_public.contacts (
  id uuid primary key default gen_random_uuid(),
  -- No foreign key: it looks the workspace up again for each row, a quarter of what a million new rows cost. See tg_contacts__belong.
  workspace_id uuid not null,
  -- What app_hidden.is_address asks; here without a call, which would double what it costs.
  email text collate "C" not null check (email = lower(btrim(email collate "default")) and email collate "default" ~ '^[^@[:space:][:cntrl:]]+@[^@[:space:][:cntrl:]]+$'
                                         and strpos(email, '@') <= 65 and length(email) - strpos(email, '@') <= 255),
  name text check (length(name) <= 200),
  attributes jsonb not null default '{}' check (jsonb_typeof(attributes) = 'object'),
  tags text[] not null default '{}',
  status app_public.contact_status not null default 'active',
  timezone text,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  unique (workspace_id, email)
);
create index contacts_by_workspace on app_public.contacts (workspace_id, id);
create index contacts_by_tag on app_public.contacts using gin (tags);
comment on table app_public.contacts is 'A person who may receive mail. The address is kept in lower case; one address is one Contact of its workspace.';
comment on column app_public.contacts.attributes is 'What templates may say of the Contact, as {{ contact.<name> }}.';

create table app_public.templates (
  id uuid primary key default gen_random_uuid(),
  workspace_id uuid not null references app_public.workspaces on delete cascade,
  name text not null check (length(name) between 1 and 200),
  subject text not null check (length(subject) between 1 and 2000),
  html text not null check (length(html) between 1 and 5000000),
  text text,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);
create index templates_by_workspace on app_public.templates (workspace_id, id);
comment on table app_public.templates is 'A mail in Liquid: subject, HTML and, optionally, plain text (made from the HTML when absent).';

create table app_public.senders (
  id uuid primary key default gen_random_uuid(),
  workspace_id uuid not null references app_public.workspaces on delete cascade,
  name text not null check (name ~ '^[A-Za-z0-9.!#$%&''*+/=?^_`{|}~-]{1,64}$'),
  display_name text check (length(display_name) <= 200 and display_name !~ '[[:cntrl:]]'),
  reply_to text check (reply_to ~ '^[^@[:space:][:cntrl:]]{1,64}@[^@[:space:][:cntrl:]]{1,255}$'),
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);
create index senders_by_workspace on app_public.senders (workspace_id, id);
comment on table app_public.senders is 'The local part and display name of a From address; the domain is that of the service that sends.';
comment on column app_public.senders.name is 'Local part: the address is name@domain of the service.';

create table app_public.suppressions (
  workspace_id uuid not null references app_public.workspaces on delete cascade,
  email text collate "C" check (email = lower(email collate "default")),
  reason text not null check (reason in ('hard_bounce', 'complaint', 'unsubscribe', 'manual', 'soft_bounces')),
  created_at timestamptz not null default now(),
  -- Written by a trigger; it stays when the address is erased.
  email_hash bytea not null check (length(email_hash) = 32),
  primary key (workspace_id, email_hash),
  unique (workspace_id, email)
);
create index suppressions_erased on app_public.suppressions (workspace_id) where email is null;
create index suppressions_for_soft_bounces on app_public.suppressions (workspace_id, email_hash) where reason = 'soft_bounces';
comment on table app_public.suppressions is 'Addresses that a workspace must not write to. Asked again by every claim and every hand-over.';
comment on column app_public.suppressions.email is 'Null once it was erased; it stays suppressed.';
comment on column app_public.suppressions.email_hash is 'SHA-256 of the address in lower case.';
comment on column app_public.suppressions.reason is 'The gravest there is: manual, complaint, unsubscribe, hard_bounce, or soft_bounces (too many in a row; lifted by a delivery).';

create table app_public.tasks (
  id uuid primary key default gen_random_uuid(),
  workspace_id uuid not null references app_public.workspaces on delete cascade,
  name text not null check (length(name) between 1 and 200),
  sender_id uuid not null references app_public.senders on delete restrict,
  status app_public.task_status not null default 'draft',
  priority integer not null default 0 check (priority between -100 and 100),
  recipient_rule app_public.recipient_rule not null default 'all',
  include_tags text[] not null default '{}',
  exclude_tags text[] not null default '{}',
  track_opens boolean not null default true,
  track_clicks boolean not null default true,
  scheduled_at timestamptz,
  generation_started_at timestamptz,
  generation_finished_at timestamptz,
  completed_at timestamptz,
  cancelled_at timestamptz,
  error_code text,
  error_message text,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint tags_rule_names_tags check (recipient_rule <> 'tags' or cardinality(include_tags) > 0),
  constraint scheduled_has_time check (status in ('draft', 'cancelled') or scheduled_at is not null),
  constraint generated_has_time check (status not in ('queued', 'sending', 'completed') or generation_finished_at is not null),
  constraint completed_has_time check (status <> 'completed' or completed_at is not null),
  constraint cancelled_has_time check (status <> 'cancelled' or cancelled_at is not null),
  constraint failed_has_reason check (status <> 'failed' or error_code is not null)
);
create index tasks_by_workspace on app_public.tasks (workspace_id, id);
create index tasks_by_sender on app_public.tasks (sender_id);
create index tasks_under_way on app_public.tasks (priority desc, id) where status in ('queued', 'sending');
comment on table app_public.tasks is 'A campaign: one mailing to many Contacts.';
comment on column app_public.tasks.priority is 'Higher is served first; among equals workspaces, then Tasks, take turns.';
comment on column app_public.tasks.include_tags is 'With the rule tags: Contacts that have any of these …';
comment on column app_public.tasks.exclude_tags is '… and none of these.';

create table app_public.task_templates (
  task_id uuid not null references app_public.tasks on delete cascade,
  template_id uuid not null references app_public.templates on delete restrict,
  weight integer not null default 1 check (weight between 1 and 1000),
  primary key (task_id, template_id)
);
create index task_templates_by_template on app_public.task_templates (template_id);
comment on table app_public.task_templates is 'The templates of a Task; each recipient gets one, chosen by weight.';

create table app_hidden.task_listed_contacts (
  task_id uuid not null references app_public.tasks on delete cascade,
  contact_id uuid not null references app_public.contacts on delete cascade,
  primary key (task_id, contact_id)
);
create index task_listed_contacts_by_contact on app_hidden.task_listed_contacts (contact_id);
comment on table app_hidden.task_listed_contacts is 'Recipients of a Task with the rule contacts.';

-- The recipients of the moment generation began, some hundreds to a row: a row is a batch, deleted by the transaction that inserts its
-- SubTasks. So the snapshot is exact, a killed generation goes on where it was, and memory does not grow with the list.
create table app_hidden.task_recipient_batches (
  task_id uuid not null references app_public.tasks on delete cascade,
  number integer not null,
  contact_ids uuid[] not null,
  primary key (task_id, number)
);
comment on table app_hidden.task_recipient_batches is 'Recipients still to be generated: one row a batch.';

create table app_hidden.task_transitions (
  from_status app_public.task_status not null,
  to_status app_public.task_status not null,
  primary key (from_status, to_status)
);
comment on table app_hidden.task_transitions is 'The allowed moves of a Task.';
insert into app_hidden.task_transitions values
  ('draft', 'scheduled'), ('draft', 'cancelled'),
  ('scheduled', 'draft'), ('scheduled', 'generating'), ('scheduled', 'cancelled'),
  ('generating', 'queued'), ('generating', 'failed'), ('generating', 'cancelled'),
  ('queued', 'sending'), ('queued', 'paused'), ('queued', 'completed'), ('queued', 'cancelled'),
  ('sending', 'paused'), ('sending', 'completed'), ('sending', 'cancelled'),
  ('paused', 'queued'), ('paused', 'sending'), ('paused', 'cancelled'),
  ('failed', 'draft'), ('failed', 'scheduled'), ('failed', 'cancelled'),
  ('completed', 'sending');
