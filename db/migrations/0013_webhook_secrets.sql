-- The path of a webhook holds a secret of ours, which names the service. It is random, so its hash needs no salt: finding the hash by index
-- tells nobody how much of a guess was right, and whoever reads the table can't post. A signing secret is the provider's and must be read
-- again, so the server seals it for the row's id, like a service's credentials.
create table app_private.webhook_secrets (
  id uuid primary key,
  email_service_id uuid not null references app_public.email_services on delete cascade,
  kind text not null check (kind in ('path', 'signing')),
  source text check (source ~ '^[a-z][a-z0-9_-]{0,40}$'),
  hash bytea unique check (octet_length(hash) = 32),
  sealed bytea,
  created_at timestamptz not null default clock_timestamp(),
  expires_at timestamptz not null default 'infinity',
  constraint path_is_hashed_signing_is_sealed check (
    case kind
      when 'path' then hash is not null and sealed is null
      else source is not null and hash is null and sealed is not null
    end)
);
create index webhook_secrets_by_service on app_private.webhook_secrets (email_service_id, kind, source);
comment on table app_private.webhook_secrets is 'What proves that a webhook is meant for a service: the secret in its path, and the provider''s signing secrets.';
comment on column app_private.webhook_secrets.source is 'Whose signing secret it is; of a path''s secret: who posts there beside the service''s provider; null: the provider alone.';
comment on column app_private.webhook_secrets.hash is 'SHA-256 of a path''s secret.';
comment on column app_private.webhook_secrets.sealed is 'A signing secret, encrypted by the server before it reached the database.';
comment on column app_private.webhook_secrets.expires_at is 'From then on it is wrong.';
alter table app_private.webhook_secrets enable row level security;

-- No foreign key: what was refused stays on record whatever becomes of the service, and a service deleted a moment ago must not keep the
-- refusals beside its own from being recorded.
create table app_hidden.webhook_refusals (
  id bigint primary key generated always as identity,
  refused_at timestamptz not null,
  source text not null,
  email_service_id uuid,
  reason text not null,
  headers jsonb not null,
  body_sha256 bytea check (octet_length(body_sha256) = 32),
  body_size integer check (body_size >= 0),
  body_head bytea not null check (octet_length(body_head) <= 1024)
);
create index webhook_refusals_by_time on app_hidden.webhook_refusals (refused_at);
comment on table app_hidden.webhook_refusals is 'Webhooks that failed their secret or signature, kept for a week: so many of a source in an hour, see record_webhook_refusals.';
comment on column app_hidden.webhook_refusals.source is 'As in the path: a source of events, or mail-event.';
comment on column app_hidden.webhook_refusals.headers is 'Without cookies, keys and tokens; clipped.';
comment on column app_hidden.webhook_refusals.body_sha256 is 'Of the whole body; null, as its size: it was not read to its end, for its sender was not known.';
comment on column app_hidden.webhook_refusals.body_head is 'Its first kilobyte.';
alter table app_hidden.webhook_refusals enable row level security;

create table app_public.webhook_refusal_counts (
  source text not null,
  hour timestamptz not null,
  refused bigint not null check (refused >= 0),
  kept integer not null default 0 check (kept >= 0),
  primary key (source, hour)
) with (fillfactor = 50);
comment on table app_public.webhook_refusal_counts is 'How many webhooks of a source were refused in an hour, and how many of them are in webhook_refusals.';
alter table app_public.webhook_refusal_counts enable row level security;
create policy admin_all on app_public.webhook_refusal_counts to postilion_admin using (true) with check (true);
create index webhook_refusal_counts_by_hour on app_public.webhook_refusal_counts (hour);
grant select (source, hour, refused, kept) on app_public.webhook_refusal_counts to postilion_admin;
comment on column app_public.webhook_refusal_counts.source is 'As in the path: a source of events, or mail-event.';
comment on column app_public.webhook_refusal_counts.kept is 'How many of them are kept whole in app_hidden.webhook_refusals, at most 500.';
