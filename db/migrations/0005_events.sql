create type app_public.mail_event_kind as enum
  ('sent', 'delivered', 'deferred', 'soft_bounce', 'hard_bounce', 'complaint', 'open', 'click', 'unsubscribe', 'failed', 'other');
comment on type app_public.mail_event_kind is 'What happened to a mail, in one form for every provider.';

-- Both tables have a partition for each month, made by ensure_partitions. What no month takes falls into the default one, so that a month
-- nobody prepared loses nothing.
create table app_public.event_logs (
  id bigint not null generated always as identity,
  received_at timestamptz not null default clock_timestamp(),
  provider text not null,
  path text not null,
  email_service_id uuid,
  headers jsonb not null,
  -- bytea: text refuses 0x00, and a signature is over bytes.
  body bytea not null,
  processed_at timestamptz,
  attempts smallint not null default 0,
  next_attempt_at timestamptz not null default '-infinity',
  event_count integer,
  error text,
  primary key (received_at, id)
) partition by range (received_at);
create index event_logs_unprocessed on app_public.event_logs (next_attempt_at, id) where processed_at is null;
comment on table app_public.event_logs is 'Every webhook as it came, recorded before anything else is done with it.';
comment on column app_public.event_logs.email_service_id is 'The service whose path it came in by; null: none is known.';

create table app_public.mail_events (
  id bigint not null generated always as identity,
  received_at timestamptz not null,
  event_log_id bigint not null,
  key uuid not null,
  sub_task_id uuid,
  task_id uuid,
  kind app_public.mail_event_kind not null,
  occurred_at timestamptz not null,
  strategy text check (strategy in ('custom_args', 'payload', 'message_id', 'tracking_id', 'recipient')),
  flagged boolean,
  machine boolean,
  detail jsonb not null default '{}',
  primary key (received_at, id)
) partition by range (received_at);
create index mail_events_by_sub_task on app_public.mail_events (sub_task_id, id) where sub_task_id is not null;
create index mail_events_by_log on app_public.mail_events (event_log_id);
create index mail_events_unresolved on app_public.mail_events (key) where sub_task_id is null;
comment on table app_public.mail_events is 'What the bodies in event_logs said, one row an event, and the SubTask it was found to concern.';
comment on column app_public.mail_events.received_at is 'That of its body in event_logs.';
comment on column app_public.mail_events.key is 'Its hash in event_keys.';
comment on column app_public.mail_events.strategy is
  'How the SubTask was found: by its id in our custom arguments or elsewhere in the payload, by the message id, by our tracking id, or by recipient, service and time; null: it was not.';
comment on column app_public.mail_events.flagged is 'What its source said of it. true: a robot or privacy proxy; false: a person; null: nothing.';
comment on column app_public.mail_events.machine is
  'Whether it was a robot or privacy proxy, judged with all other events of its mail; null: nothing speaks for it, it counts as a person''s.';

create table app_public.event_logs_default partition of app_public.event_logs default;
create table app_public.mail_events_default partition of app_public.mail_events default;
alter table app_public.event_logs_default enable row level security;
alter table app_public.mail_events_default enable row level security;

-- A unique key can't span partitions without the time of receipt, by which a repeat differs. So keys are a table of their own, kept longer than
-- the bodies. An event that found no SubTask holds its key only against its own repeats: the first time it finds one, it counts.
create table app_hidden.event_keys (
  key uuid primary key,
  seen_at timestamptz not null default clock_timestamp(),
  is_resolved boolean not null,
  is_late boolean not null default false
);
comment on table app_hidden.event_keys is 'Hashes of the events applied, so that a repeat changes nothing.';
comment on column app_hidden.event_keys.is_resolved is 'Its SubTask was found, and it counted.';
comment on column app_hidden.event_keys.is_late is 'It was kept unresolved first.';

create type app_hidden.resolved_event as (
  key uuid,
  event_log_id bigint,
  received_at timestamptz,
  sub_task_id uuid,
  task_id uuid,
  kind app_public.mail_event_kind,
  occurred_at timestamptz,
  strategy text,
  flagged boolean,
  detail jsonb,
  waits boolean
);
comment on type app_hidden.resolved_event is
  'An event with the SubTask it was found to concern. waits: it names a message id that no SubTask has yet, and is to be applied again later.';

create type app_hidden.judged_click as (
  id bigint,
  received_at timestamptz,
  sub_task_id uuid,
  occurred_at timestamptz,
  machine boolean,
  verdict boolean
);
comment on type app_hidden.judged_click is 'A click in mail_events: what is said of it by now (machine), and what is to be said (verdict).';

create type app_hidden.address_verdict as (workspace_id uuid, email text, contact_id uuid, reason text);
comment on type app_hidden.address_verdict is
  'What events mean for an address of a workspace: why to suppress it; reason null: too few soft bounces in a row to suppress it for them.';

-- Services that are one account at the provider hear of each other's mails.
alter table app_private.email_service_credentials add column account_tag bytea;
create index email_service_credentials_by_account on app_private.email_service_credentials (account_tag) where account_tag is not null;
comment on column app_private.email_service_credentials.account_tag is
  'A keyed hash of the account, made by the server: services with the same one share it; null: it is not known to be shared.';
