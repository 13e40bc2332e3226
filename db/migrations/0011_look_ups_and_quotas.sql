-- When a service's uncertain mails were last looked for in its provider's record. One row a service, since what the provider can be asked
-- is a day's record, not a mail's.
create table app_hidden.look_ups (
  email_service_id uuid primary key references app_public.email_services on delete cascade,
  looked_up_at timestamptz not null
) with (fillfactor = 50);
comment on table app_hidden.look_ups is 'When a service''s uncertain SubTasks were last looked for at its provider.';
alter table app_hidden.look_ups enable row level security;

-- A row enters and leaves it with its phase, never otherwise: no step of an ordinary mail writes it.
create index sub_tasks_in_doubt_of_service on app_public.sub_tasks (service_id, uncertain_at) where phase = 'in_doubt';

alter table app_public.workspaces add column monthly_quota integer check (monthly_quota >= 0);
comment on column app_public.workspaces.monthly_quota is
  'How many mails its Tasks may be generated for in a month (UTC); null: any number. What is never sent is given back.';
grant select (monthly_quota), insert (monthly_quota), update (monthly_quota) on app_public.workspaces to postilion_admin;

create table app_hidden.workspace_usage (
  workspace_id uuid not null references app_public.workspaces on delete cascade,
  month date not null check (extract(day from month) = 1),
  reserved integer not null check (reserved >= 0),
  primary key (workspace_id, month)
) with (fillfactor = 50);
comment on table app_hidden.workspace_usage is 'Mails of a workspace''s monthly quota in use: the sum of its task_reservations.';
comment on column app_hidden.workspace_usage.month is 'Its first day, in UTC.';
alter table app_hidden.workspace_usage enable row level security;

create table app_hidden.task_reservations (
  task_id uuid primary key references app_public.tasks on delete cascade,
  workspace_id uuid not null references app_public.workspaces on delete cascade,
  month date not null,
  reserved integer not null check (reserved >= 0),
  is_open boolean not null default true
) with (fillfactor = 50);
create index task_reservations_open on app_hidden.task_reservations (workspace_id, month, task_id) where is_open;
comment on table app_hidden.task_reservations is 'How many mails of which month''s quota a Task holds.';
comment on column app_hidden.task_reservations.is_open is 'Rows of the Task may still turn out not to be sent.';
alter table app_hidden.task_reservations enable row level security;

comment on column app_public.task_hindrance.reason is
  'task: draft, scheduled, generating, failed, paused, completed, cancelled, over_quota, outside_window; service: no_service, stopped, disabled, exhausted, frozen, full, behind_others, pace, no_worker, idle; recipients: retrying, uncertain, suppressed, no_recipients, finishing.';
comment on column app_public.task_forecast.limiting is 'What decides how long it takes: pace, quota, workspace quota (it could not begin), or nothing may send.';
