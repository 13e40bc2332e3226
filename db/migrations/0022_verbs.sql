-- What a person asked to have forgotten. The address stands here until all of it is found; then it is gone, and the counts are left.
create table app_public.erasures (
  id uuid primary key default gen_random_uuid(),
  workspace_id uuid not null references app_public.workspaces on delete cascade,
  contact_id uuid not null unique,
  email text,
  email_hash bytea not null check (octet_length(email_hash) = 32),
  requested_at timestamptz not null,
  finished_at timestamptz,
  mails integer not null default 0,
  cancelled integer not null default 0,
  events integer not null default 0,
  bodies integer not null default 0,
  refusals integer not null default 0,
  constraint finished_knows_no_address check (finished_at is null or email is null)
);
create index erasures_by_workspace on app_public.erasures (workspace_id, id);
comment on table app_public.erasures is 'A Contact whose data was erased, or is being erased, and how much that was.';
comment on column app_public.erasures.contact_id is 'The id it had.';
comment on column app_public.erasures.email is 'Null once everything was found.';
comment on column app_public.erasures.email_hash is 'SHA-256 of the address: what a mail of it suppresses later, is suppressed by this.';
comment on column app_public.erasures.finished_at is 'Null: it is under way.';
comment on column app_public.erasures.mails is 'Mails whose address, text and links are gone.';
comment on column app_public.erasures.cancelled is 'How many of them were still to be sent.';
comment on column app_public.erasures.events is 'Events whose details are gone; they count as before.';
comment on column app_public.erasures.bodies is 'Webhooks whose body is gone. One that told of several people''s mails is gone for all of them; what it told of them is kept.';
comment on column app_public.erasures.refusals is 'Refused webhooks that held the address.';
alter table app_public.erasures enable row level security;
create policy admin_all on app_public.erasures to postilion_admin using (true) with check (true);
create policy member_select on app_public.erasures for select to postilion_user
  using (workspace_id = any ((select app_hidden.workspaces_as('viewer'))::uuid[]));
grant select (id, workspace_id, contact_id, requested_at, finished_at, mails, cancelled, events, bodies, refusals) on app_public.erasures
  to postilion_user, postilion_admin;

create table app_hidden.erased_mails (
  sub_task_id uuid primary key references app_public.sub_tasks on delete cascade,
  erasure_id uuid not null references app_public.erasures on delete cascade,
  is_scrubbed boolean not null default false
);
create index erased_mails_by_erasure on app_hidden.erased_mails (erasure_id);
create index erased_mails_to_scrub on app_hidden.erased_mails (erasure_id, sub_task_id) where not is_scrubbed;
comment on table app_hidden.erased_mails is 'Mails that nobody''s address is known of any more: they are never sent, and what is heard of them counts without its words.';
comment on column app_hidden.erased_mails.is_scrubbed is 'So are the events that were recorded before.';
alter table app_hidden.erased_mails enable row level security;

-- A test mail is a Task of one, so that it goes the way of all mails: within pace, quota and freeze of the service that sends it.
alter table app_public.tasks
  add column is_test boolean not null default false,
  add column email_service_id uuid references app_public.email_services on delete set null,
  drop constraint tasks_priority_check,
  add constraint tasks_priority_check check (priority between -100 and 100 + is_test::integer);
create index tasks_by_service on app_public.tasks (email_service_id) where email_service_id is not null;
create index tests_under_way on app_public.tasks (workspace_id) where is_test and status in ('queued', 'sending');
comment on column app_public.tasks.is_test is 'A test mail; lists of Tasks leave it out.';
comment on column app_public.tasks.email_service_id is 'The one service that may send it; null: any that its workspace may use.';
grant select (is_test, email_service_id) on app_public.tasks to postilion_user, postilion_admin;

-- previewMail and sendTestMail ask as the member.
grant usage on schema app_private to postilion_user;

-- Deleted by functions, which say what is in the way.
revoke delete on app_public.templates, app_public.senders from postilion_user, postilion_admin;
