create type app_public.member_role as enum ('viewer', 'editor', 'sender', 'manager');
comment on type app_public.member_role is
  'What a member may do in a workspace, each including those before it: viewer (looks), editor (prepares), sender (schedules, pauses, cancels), manager (members and tokens).';
grant usage on type app_public.member_role to postilion_visitor, postilion_user, postilion_admin, postilion_authenticator;

create table app_public.users (
  id uuid primary key default gen_random_uuid(),
  email text not null unique check (email = lower(btrim(email)) and email ~ '^[^@[:space:][:cntrl:]]{1,64}@[^@[:space:][:cntrl:]]{1,255}$'),
  name text not null check (length(name) between 1 and 200),
  is_admin boolean not null default false,
  is_disabled boolean not null default false,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);
comment on table app_public.users is 'People who sign in.';
comment on column app_public.users.email is 'What they sign in with, in lower case.';
comment on column app_public.users.is_admin is 'Runs the installation: services, workspaces, users.';
comment on column app_public.users.is_disabled is 'Can not sign in, and nothing they signed in to or made a token for is let in.';

create table app_public.memberships (
  workspace_id uuid not null references app_public.workspaces on delete cascade,
  user_id uuid not null references app_public.users on delete cascade,
  role app_public.member_role not null,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  primary key (workspace_id, user_id)
);
create index memberships_by_user on app_public.memberships (user_id);
comment on table app_public.memberships is 'Who may do what in which workspace.';

create table app_public.api_tokens (
  id uuid primary key default gen_random_uuid(),
  user_id uuid not null references app_public.users on delete cascade,
  name text not null check (length(name) between 1 and 200),
  role app_public.member_role not null,
  workspace_id uuid references app_public.workspaces on delete cascade,
  is_admin boolean not null default false,
  created_at timestamptz not null default now(),
  expires_at timestamptz,
  last_used_at timestamptz,
  revoked_at timestamptz,
  constraint admin_is_not_narrowed check (not is_admin or (role = 'manager' and workspace_id is null))
);
create index api_tokens_by_user on app_public.api_tokens (user_id);
create index api_tokens_by_workspace on app_public.api_tokens (workspace_id);
comment on table app_public.api_tokens is 'Keys for programs. A token never may more than its user; the token itself was shown once and can not be read again.';
comment on column app_public.api_tokens.role is 'The most it may do, whatever its user may.';
comment on column app_public.api_tokens.workspace_id is 'The one workspace it is for; null: all of its user''s.';
comment on column app_public.api_tokens.is_admin is 'May run the installation while its user is an admin.';
comment on column app_public.api_tokens.expires_at is 'From then on it is refused; null: never by itself.';
comment on column app_public.api_tokens.last_used_at is 'To the minute.';
comment on column app_public.api_tokens.revoked_at is 'Since then it is refused.';

create table app_private.api_token_hashes (
  api_token_id uuid primary key references app_public.api_tokens on delete cascade,
  hash bytea not null unique check (octet_length(hash) = 32)
);
comment on table app_private.api_token_hashes is 'SHA-256 of tokens that still count: they are random, so that no salt is needed.';

create table app_private.passwords (
  user_id uuid primary key references app_public.users on delete cascade,
  hash text not null check (hash like '$argon2id$%'),
  changed_at timestamptz not null
);
comment on table app_private.passwords is 'Argon2id hashes of passwords, made by the server. Who signs in elsewhere has none.';

-- A session that ends is deleted. What its refresh token was before is kept as long as the session, to know a stolen one by its second use.
create table app_private.sessions (
  id uuid primary key default gen_random_uuid(),
  user_id uuid not null references app_public.users on delete cascade,
  refresh_hash bytea not null unique check (octet_length(refresh_hash) = 32),
  created_at timestamptz not null,
  refreshed_at timestamptz not null,
  expires_at timestamptz not null
);
create index sessions_by_user on app_private.sessions (user_id);
create index sessions_by_expiry on app_private.sessions (expires_at);
comment on table app_private.sessions is 'Sign-ins that have not ended.';
comment on column app_private.sessions.refresh_hash is 'SHA-256 of the present refresh token.';
comment on column app_private.sessions.expires_at is 'It ends then, unless it is refreshed before.';

create table app_private.spent_refresh_hashes (
  hash bytea primary key,
  session_id uuid not null references app_private.sessions on delete cascade
);
create index spent_refresh_hashes_by_session on app_private.spent_refresh_hashes (session_id);
comment on table app_private.spent_refresh_hashes is 'Refresh tokens that were exchanged for the next one: whoever shows one again stole it, or was stolen from.';

create table app_private.password_resets (
  token_hash bytea primary key check (octet_length(token_hash) = 32),
  user_id uuid not null unique references app_public.users on delete cascade,
  expires_at timestamptz not null
);
comment on table app_private.password_resets is 'SHA-256 of tokens that let one set a new password, once.';

-- The account is hashed: what people type there by mistake is at times their password.
create table app_private.sign_in_attempts (
  id bigint primary key generated always as identity,
  at timestamptz not null,
  account bytea not null check (octet_length(account) = 32),
  network cidr
);
create index sign_in_attempts_by_account on app_private.sign_in_attempts (account, at);
create index sign_in_attempts_by_network on app_private.sign_in_attempts (network, at);
create index sign_in_attempts_by_time on app_private.sign_in_attempts (at);
comment on table app_private.sign_in_attempts is 'Sign-ins that were begun lately and did not succeed, see count_sign_in_attempt.';
comment on column app_private.sign_in_attempts.account is 'SHA-256 of the address that was given, whether there is such an account or not.';
comment on column app_private.sign_in_attempts.network is 'The IPv4 address, or the /64 of the IPv6 address, that asked.';

create table app_private.external_identities (
  issuer text not null check (length(issuer) between 1 and 500),
  subject text not null check (length(subject) between 1 and 500),
  user_id uuid not null references app_public.users on delete cascade,
  created_at timestamptz not null default now(),
  primary key (issuer, subject)
);
create index external_identities_by_user on app_private.external_identities (user_id);
comment on table app_private.external_identities is 'Who a user is to an OpenID Connect provider.';

create type app_private.session_claims as (
  session_id uuid, user_id uuid, is_admin boolean,
  token_id uuid, token_role app_public.member_role, token_workspace_id uuid,
  expires_at timestamptz
);
comment on type app_private.session_claims is 'Who asks, and with what rights: of a session or, with a token_id, of an API token.';
comment on column app_private.session_claims.expires_at is 'When the session or the token expires by itself; null: never.';
grant usage on type app_private.session_claims to postilion_authenticator;

do $$
declare
  v_table text;
begin
  foreach v_table in array array[
    'app_public.users', 'app_public.memberships', 'app_public.api_tokens', 'app_private.api_token_hashes', 'app_private.passwords',
    'app_private.sessions', 'app_private.spent_refresh_hashes', 'app_private.password_resets', 'app_private.sign_in_attempts',
    'app_private.external_identities'
  ] loop
    execute format('alter table %s enable row level security', v_table);
  end loop;
end;
$$;
create policy admin_all on app_public.users to postilion_admin using (true) with check (true);
create policy admin_all on app_public.memberships to postilion_admin using (true) with check (true);
create policy admin_all on app_public.api_tokens to postilion_admin using (true) with check (true);

-- The authenticator reaches no table: it runs the functions that find out who asks, and then becomes who that may be.
grant usage on schema app_public, app_private to postilion_authenticator;

grant select (id, email, name, is_admin, is_disabled, created_at, updated_at), update (name) on app_public.users to postilion_admin;
grant select (workspace_id, user_id, role, created_at, updated_at) on app_public.memberships to postilion_admin;
grant select (id, user_id, name, role, workspace_id, is_admin, created_at, expires_at, last_used_at, revoked_at) on app_public.api_tokens to postilion_admin;

-- The functions come after the migrations, and a policy must name one that is there. Their files replace these, and say what they are for.
create function app_hidden.current_user_id() returns uuid language sql stable set search_path to pg_catalog, pg_temp as 'select null::uuid';
create function app_hidden.signed_in_user_id() returns uuid language sql stable set search_path to pg_catalog, pg_temp as 'select null::uuid';
create function app_hidden.workspaces_as(p_role app_public.member_role) returns uuid[] language sql stable set search_path to pg_catalog, pg_temp as 'select null::uuid[]';
create function app_hidden.services_seen() returns uuid[] language sql stable set search_path to pg_catalog, pg_temp as 'select null::uuid[]';

-- A member's rights. "(select …)" has the function run once a statement, not once a row; the comparison with its result is leakproof, as are
-- those of uuids, texts and times in a client's filter, so that the indexes serve a member as they serve an admin.
create policy member_select on app_public.workspaces for select to postilion_user
  using (id = any ((select app_hidden.workspaces_as('viewer'))::uuid[]));
do $$
declare
  v_table text;
begin
  foreach v_table in array array['contacts', 'templates', 'senders', 'suppressions', 'tasks', 'email_service_grants', 'hourly_statistics', 'memberships'] loop
    execute format(
      'create policy member_select on app_public.%I for select to postilion_user
         using (workspace_id = any ((select app_hidden.workspaces_as(''viewer''))::uuid[]))', v_table);
  end loop;
  foreach v_table in array array['contacts', 'templates', 'senders'] loop
    execute format(
      'create policy member_insert on app_public.%1$I for insert to postilion_user
         with check (workspace_id = any ((select app_hidden.workspaces_as(''editor''))::uuid[]));
       create policy member_update on app_public.%1$I for update to postilion_user
         using (workspace_id = any ((select app_hidden.workspaces_as(''editor''))::uuid[]));', v_table);
  end loop;
  foreach v_table in array array['templates', 'senders'] loop
    execute format(
      'create policy member_delete on app_public.%I for delete to postilion_user
         using (workspace_id = any ((select app_hidden.workspaces_as(''editor''))::uuid[]))', v_table);
  end loop;
  -- What belongs to a Task is seen by whoever sees the Task. The Task is looked up for each row that is read, which are few in a list; "exists"
  -- let the planner make a hash of all Tasks of the workspace first, whenever the Task of the list has many rows.
  foreach v_table in array array['sub_tasks', 'sub_task_mails', 'task_templates', 'task_files', 'mail_events'] loop
    execute format(
      'create policy member_select on app_public.%1$I for select to postilion_user
         using ((select t.id from app_public.tasks t where t.id = %1$I.task_id) is not null)', v_table);
  end loop;
end;
$$;
create policy member_select on app_public.email_services for select to postilion_user
  using (id = any ((select app_hidden.services_seen())::uuid[]));
create policy member_select on app_public.users for select to postilion_user
  using (id = (select app_hidden.current_user_id())
         or exists (select from app_public.memberships m where m.user_id = users.id));
create policy member_select on app_public.api_tokens for select to postilion_user
  using (user_id = (select app_hidden.signed_in_user_id())
         or workspace_id = any ((select app_hidden.workspaces_as('manager'))::uuid[]));

grant select (id, name, monthly_quota, created_at) on app_public.workspaces to postilion_user;
grant select (id, email, name, is_admin, is_disabled, created_at, updated_at) on app_public.users to postilion_user;
grant select (workspace_id, user_id, role, created_at, updated_at) on app_public.memberships to postilion_user;
grant select (id, user_id, name, role, workspace_id, is_admin, created_at, expires_at, last_used_at, revoked_at) on app_public.api_tokens to postilion_user;
grant select (id, workspace_id, email, name, attributes, tags, status, timezone, created_at, updated_at),
  insert (workspace_id, email, name, attributes, tags, timezone),
  update (email, name, attributes, tags, timezone)
  on app_public.contacts to postilion_user;
grant select (id, workspace_id, name, subject, html, text, created_at, updated_at),
  insert (workspace_id, name, subject, html, text),
  update (name, subject, html, text), delete
  on app_public.templates to postilion_user;
grant select (id, workspace_id, name, display_name, reply_to, created_at, updated_at),
  insert (workspace_id, name, display_name, reply_to),
  update (name, display_name, reply_to), delete
  on app_public.senders to postilion_user;
grant select (workspace_id, email, reason, created_at, email_hash) on app_public.suppressions to postilion_user;
grant select (id, workspace_id, name, sender_id, status, priority, recipient_rule, include_tags, exclude_tags, track_opens, track_clicks,
    scheduled_at, generation_started_at, generation_finished_at, completed_at, cancelled_at, error_code, error_message, created_at, updated_at,
    uncertain_policy, window_days, window_start, window_end, window_timezone)
  on app_public.tasks to postilion_user;
grant select (task_id, template_id, weight) on app_public.task_templates to postilion_user;
grant select (id, task_id, position, name, content_type, size, created_at) on app_public.task_files to postilion_user;
-- What someone who plans a campaign needs: no addresses of hosts and mailboxes, nothing that tells how much others send.
grant select (id, name, provider, domain, interval_ms, max_in_flight, daily_quota, timezone, is_enabled, is_shared, is_stopped, freeze_reason, rate_per_second,
    success_rate, answer_ms, created_at, updated_at)
  on app_public.email_services to postilion_user;
grant select (email_service_id, workspace_id) on app_public.email_service_grants to postilion_user;
grant select (id, task_id, lane, status, attempts, refusals, deferrals, service_id, scheduled_at, handed_over_at, sent_at, delivered_at, opened_at,
    clicked_at, bounced_at, bounce_is_soft, unsubscribed_at, complained_at, human_opened_at, human_clicked_at, failed_at, cancelled_at, uncertain_at,
    open_count, click_count, machine_open_count, machine_click_count, round_trip_ms,
    created_at, sender_email, message_id, error_code, error_message, provider_response)
  on app_public.sub_tasks to postilion_user;
grant select (sub_task_id, task_id, contact_id, template_id, recipient_email, tracking_id, rendered_subject, rendered_body, rendered_text, link_urls)
  on app_public.sub_task_mails to postilion_user;
grant select (id, received_at, sub_task_id, task_id, kind, occurred_at, flagged, machine, detail) on app_public.mail_events to postilion_user;
grant select (hour, task_id, workspace_id, service_id, lane, sent, delivered, soft_bounced, hard_bounced, bounced, opened, clicked, human_opened, human_clicked,
    complained, unsubscribed, failed, uncertain, round_trip_ms_sum, round_trip_count)
  on app_public.hourly_statistics to postilion_user;
