create table app_public.email_services (
  id uuid primary key default gen_random_uuid(),
  name text not null unique check (length(name) between 1 and 200),
  provider text not null check (provider ~ '^[a-z][a-z0-9_]{0,40}$'),
  domain text not null check (domain = lower(domain) and domain ~ '^[a-z0-9.-]{1,253}$'),
  base_url text check (base_url ~ '^https?://'),
  tracking_base_url text check (tracking_base_url ~ '^https?://' and tracking_base_url !~ '/$'),
  interval_ms integer not null check (interval_ms between 0 and 86400000),
  max_in_flight integer not null default 20 check (max_in_flight between 1 and 10000),
  daily_quota integer check (daily_quota >= 0),
  timezone text not null default 'UTC',
  timeout_ms integer not null default 15000 check (timeout_ms between 100 and 300000),
  lease_ms integer not null default 30000 check (lease_ms between 1000 and 3600000),
  is_enabled boolean not null default true,
  is_shared boolean not null default true,
  used_quota integer not null default 0 check (used_quota >= 0),
  quota_day date not null default '-infinity',
  in_flight integer not null default 0 check (in_flight >= 0),
  frozen_until timestamptz not null default '-infinity',
  freeze_reason text,
  freeze_count integer not null default 0 check (freeze_count >= 0),
  loop_token uuid,
  loop_pool text,
  loop_expires_at timestamptz not null default '-infinity',
  error_count integer not null default 0 check (error_count >= 0),
  retry_run_at timestamptz not null default '-infinity',
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint lease_covers_timeout check (lease_ms >= timeout_ms + 15000),
  constraint looped_has_pool check (loop_token is null or loop_pool is not null)
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
comment on column app_public.email_services.frozen_until is 'No hand-over begins before this time, whoever asks.';
comment on column app_public.email_services.freeze_reason is 'Why the service is frozen beyond its interval.';

create table app_public.email_service_grants (
  email_service_id uuid not null references app_public.email_services on delete cascade,
  workspace_id uuid not null references app_public.workspaces on delete cascade,
  primary key (email_service_id, workspace_id)
);
create index email_service_grants_by_workspace on app_public.email_service_grants (workspace_id);
comment on table app_public.email_service_grants is 'Which workspaces may use a service that is not shared.';

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
