create table app_public.email_services (
  id uuid primary key default gen_random_uuid(),
  name text not null unique,
  provider text not null,
  domain text not null,
  base_url text,
  tracking_base_url text,
  interval_ms integer not null,
  max_in_flight integer not null default 20,
  rate_per_second real,
  daily_quota integer,
  warm_up_started_on date,
  timezone text not null default 'UTC',
  timeout_ms integer not null default 15000,
  lease_ms integer not null default 30000,
  is_enabled boolean not null default true,
  is_shared boolean not null default true,
  used_quota integer not null default 0,
  quota_day date not null default '-infinity',
  in_flight integer not null default 0,
  frozen_until timestamptz not null default '-infinity',
  freeze_reason text,
  freeze_count integer not null default 0,
  rate_until timestamptz not null default '-infinity',
  success_rate real not null default 1,
  answer_ms real,
  loop_token uuid,
  loop_pool text,
  loop_expires_at timestamptz not null default '-infinity',
  error_count integer not null default 0,
  retry_run_at timestamptz not null default '-infinity',
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  -- What people set is checked by a trigger on those columns, see tg_email_services__check; this is what the queue counts.
  constraint counts_are_sound check (
    in_flight >= 0 and used_quota >= 0 and freeze_count >= 0 and error_count >= 0 and success_rate between 0 and 1
    and (loop_token is null or loop_pool is not null))
)
-- Every claim and completion updates this row; room on its page and no index on what changes keep that cheap (HOT).
with (fillfactor = 20, autovacuum_vacuum_threshold = 200, autovacuum_vacuum_scale_factor = 0);
comment on table app_public.email_services is 'A sending service: one provider account on one sending domain, with its interval, quota and freeze.';
comment on column app_public.email_services.interval_ms is 'Milliseconds between the end of one hand-over and the next (a paced service, strictly one at a time); 0: rated, max_in_flight at once.';
comment on column app_public.email_services.tracking_base_url is 'Origin of the tracking links in mails this service sends; null: the installation''s.';
comment on column app_public.email_services.timezone is 'The daily quota begins anew at midnight here.';
comment on column app_public.email_services.timeout_ms is 'How long the provider may take to answer, in milliseconds.';
comment on column app_public.email_services.lease_ms is 'How long a claimed SubTask stays with its worker without a word from it, in milliseconds; at least the timeout and 15 s.';
comment on column app_public.email_services.is_shared is 'Every workspace may use it; otherwise those that email_service_grants names.';
comment on column app_public.email_services.rate_per_second is 'Mails a second a rated service hands over at most; null: as many as max_in_flight allows.';
comment on column app_public.email_services.warm_up_started_on is 'The first day of its warm-up, see email_service_warm_up; null: none.';
comment on column app_public.email_services.success_rate is 'Share of its recent hand-overs that were accepted; some hundred of them count.';
comment on column app_public.email_services.answer_ms is 'How long its provider lately took to accept a mail, in milliseconds; an average in which some ten answers count.';
comment on column app_public.email_services.frozen_until is 'No hand-over begins before this time, whoever asks.';
comment on column app_public.email_services.freeze_reason is 'Why the service is frozen beyond its interval.';

create table app_public.email_service_grants (
  email_service_id uuid not null references app_public.email_services on delete cascade,
  workspace_id uuid not null references app_public.workspaces on delete cascade,
  primary key (email_service_id, workspace_id)
);
create index email_service_grants_by_workspace on app_public.email_service_grants (workspace_id);
comment on table app_public.email_service_grants is 'Which workspaces may use a service that is not shared.';

-- Caps are by lane, not by domain: a mailbox provider has many domains, and what is capped must not stand at the head of the queue, it waits
-- beside it. A lane is never deleted: mails may be waiting in it.
create table app_public.lanes (
  name text collate "C" primary key check (name ~ '^[a-z0-9._-]{0,60}$')
);
insert into app_public.lanes values ('');
comment on table app_public.lanes is 'Groups of recipient domains that services cap together. The nameless one has all domains that are in no other.';

create table app_public.lane_domains (
  domain text primary key check (domain = lower(domain) and domain ~ '^[a-z0-9.-]{1,253}$'),
  lane text collate "C" not null references app_public.lanes on delete restrict
);
create index lane_domains_by_lane on app_public.lane_domains (lane);
comment on table app_public.lane_domains is 'Which lane a recipient domain is in, for Tasks generated from now on.';

create table app_public.email_service_caps (
  email_service_id uuid not null references app_public.email_services on delete cascade,
  lane text collate "C" not null references app_public.lanes on delete restrict,
  daily_cap integer not null check (daily_cap >= 0),
  used integer not null default 0 check (used >= 0),
  used_on date not null default '-infinity',
  primary key (email_service_id, lane)
) with (fillfactor = 50, autovacuum_vacuum_threshold = 200, autovacuum_vacuum_scale_factor = 0);
create index email_service_caps_by_lane on app_public.email_service_caps (lane);
comment on table app_public.email_service_caps is 'How many mails a day a service sends into a lane.';
comment on column app_public.email_service_caps.used_on is 'The day that used counts, in the service''s time zone.';

create table app_public.email_service_warm_up (
  email_service_id uuid not null references app_public.email_services on delete cascade,
  day integer not null check (day between 1 and 366),
  daily_cap integer not null check (daily_cap >= 0),
  primary key (email_service_id, day)
);
comment on table app_public.email_service_warm_up is
  'The warm-up of a new sending domain: from each day (the first is 1) on, how many mails a day. Its last line lasts one day; from then on the daily quota alone counts.';

create table app_private.email_service_credentials (
  email_service_id uuid primary key references app_public.email_services on delete cascade,
  sealed bytea not null,
  updated_at timestamptz not null default now()
);
comment on table app_private.email_service_credentials is 'The provider''s keys, encrypted by the server before they reach the database.';

create table app_hidden.service_turns (
  email_service_id uuid not null references app_public.email_services on delete cascade,
  workspace_id uuid not null references app_public.workspaces on delete cascade,
  last_task_id uuid not null,
  served_at timestamptz not null,
  primary key (email_service_id, workspace_id)
) with (fillfactor = 50, autovacuum_vacuum_threshold = 200, autovacuum_vacuum_scale_factor = 0);
comment on table app_hidden.service_turns is 'Whose turn it is at a service. Read and written under that service''s lock, so services never wait for each other.';

create table app_hidden.worker_pools (
  id text primary key,
  kind text not null check (kind in ('send', 'other')),
  host text not null,
  pid integer not null,
  started_at timestamptz not null,
  seen_at timestamptz not null
) with (fillfactor = 50);
comment on table app_hidden.worker_pools is 'Live runner processes, by their graphile-worker pool id.';
comment on column app_hidden.worker_pools.host is 'Boot id and process namespace: where pid can be looked up.';
