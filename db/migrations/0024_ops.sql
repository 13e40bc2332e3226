-- Who may only look and repair reaches nothing but schema ops: its views and functions run with their owner's rights.
create type app_hidden.repair_step as (what text, subject text, name text, how_many bigint, says text);
comment on type app_hidden.repair_step is 'One thing a repair would do: to what (an id, or a name where there is none), how it is called, to how many, and why.';

create type app_hidden.health_line as (name text, state text, says text, remedy text, may_pass boolean, numbers jsonb);
comment on type app_hidden.health_line is
  'What one look at the installation came to. state: ok, warning, critical. may_pass: the sweep mends it within seconds, so it counts when it is still so then.';

-- Written by whoever applies webhooks, at most once a minute: an index on event_logs by service would be written with every webhook.
create table app_hidden.last_heard (
  email_service_id uuid primary key references app_public.email_services on delete cascade,
  heard_at timestamptz not null
) with (fillfactor = 50);
comment on table app_hidden.last_heard is 'When the last webhook that was applied came in by a service''s own path, to the minute.';
alter table app_hidden.last_heard enable row level security;

-- Both are empty while all is well, so that looking for what is wrong costs nothing.
create index event_logs_parked on app_public.event_logs (received_at) where error is not null and processed_at is not null;
create index mail_events_unresolved_by_time on app_public.mail_events (received_at) where sub_task_id is null;
