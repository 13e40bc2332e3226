-- What was decided by hand about an address, so that nobody has to remember why it may (not) be written to. Only its hash is kept: erasing a
-- person's address has nothing to look for here.
create table app_public.suppression_changes (
  id bigint primary key generated always as identity,
  workspace_id uuid not null references app_public.workspaces on delete cascade,
  email_hash bytea not null check (length(email_hash) = 32),
  action text not null check (action in ('added', 'lifted')),
  reason text not null,
  note text check (length(note) between 1 and 1000),
  -- Null: nobody who signed in, as at a terminal of the installation.
  user_id uuid references app_public.users on delete set null,
  created_at timestamptz not null,
  constraint lifted_says_why check (action <> 'lifted' or note is not null)
);
create index suppression_changes_by_address on app_public.suppression_changes (workspace_id, email_hash, id);
create index suppression_changes_by_user on app_public.suppression_changes (user_id);
comment on table app_public.suppression_changes is 'Which addresses were suppressed or lifted by hand or by a file, by whom and why.';
comment on column app_public.suppression_changes.email_hash is 'SHA-256 of the address in lower case, as in suppressions.';
comment on column app_public.suppression_changes.reason is 'Of the suppression that was added, or lifted.';

alter table app_public.suppression_changes enable row level security;
create policy admin_all on app_public.suppression_changes to postilion_admin using (true) with check (true);
create policy member_select on app_public.suppression_changes for select to postilion_user
  using (workspace_id = any ((select app_hidden.workspaces_as('viewer'))::uuid[]));
grant select (id, workspace_id, email_hash, action, reason, note, user_id, created_at)
  on app_public.suppression_changes to postilion_user, postilion_admin;

-- The functions that a bulk transfer calls; each asks for the caller's role in the workspace.
grant usage on schema app_private to postilion_user;
