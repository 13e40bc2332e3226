create type app_public.mail_event_kind as enum
  ('sent', 'delivered', 'deferred', 'soft_bounce', 'hard_bounce', 'complaint', 'open', 'click', 'unsubscribe', 'failed', 'other');
comment on type app_public.mail_event_kind is 'What happened to a mail, in one form for every provider.';

create table app_public.event_logs (
  id bigint not null generated always as identity,
  received_at timestamptz not null default clock_timestamp(),
  provider text not null,
  path text not null,
  headers jsonb not null,
  -- bytea: text refuses 0x00, and a signature is over bytes.
  body bytea not null,
  processed_at timestamptz,
  attempts smallint not null default 0,
  next_attempt_at timestamptz not null default '-infinity',
  event_count integer,
  error text,
  primary key (id, received_at)
) partition by range (received_at);
create table app_public.event_logs_default partition of app_public.event_logs default;
create index event_logs_unprocessed on app_public.event_logs (next_attempt_at, id) where processed_at is null;
comment on table app_public.event_logs is 'Every webhook as it came, recorded before anything else is done with it.';

create table app_public.mail_events (
  id bigint not null generated always as identity,
  received_at timestamptz not null default clock_timestamp(),
  event_log_id bigint not null,
  sub_task_id uuid,
  task_id uuid,
  kind app_public.mail_event_kind not null,
  occurred_at timestamptz not null,
  strategy text check (strategy in ('sub_task_id', 'message_id', 'tracking_id')),
  machine boolean,
  detail jsonb not null default '{}',
  primary key (id, received_at)
) partition by range (received_at);
create table app_public.mail_events_default partition of app_public.mail_events default;
create index mail_events_by_sub_task on app_public.mail_events (sub_task_id, id) where sub_task_id is not null;
create index mail_events_by_log on app_public.mail_events (event_log_id);
comment on table app_public.mail_events is 'What the bodies in event_logs said, one row an event, and the SubTask it was found to concern.';
comment on column app_public.mail_events.strategy is 'How the SubTask was found; null: it was not.';
comment on column app_public.mail_events.machine is 'true: by a robot or privacy proxy; null: unknown.';

create table app_hidden.event_keys (
  key uuid primary key,
  seen_at timestamptz not null default clock_timestamp()
);
comment on table app_hidden.event_keys is 'Hashes of the events applied, so that a repeat changes nothing.';

create type app_hidden.resolved_event as (
  event_log_id bigint,
  sub_task_id uuid,
  task_id uuid,
  kind app_public.mail_event_kind,
  occurred_at timestamptz,
  strategy text,
  machine boolean,
  detail jsonb
);
comment on type app_hidden.resolved_event is 'An event with the SubTask it was found to concern.';
