-- Files that go along with every mail of a Task. The numbers: EngageLab takes 10 MB of attachments; a server of one's own, commonly, messages
-- of 25 MB, in which 15 MB of files are 20.5 MB of base64 and leave room for the text. They are megabytes of 1,000,000, the smaller reading.
-- A message/* or multipart/* part may not be base64 (RFC 2046, 5.2.1), so that its bytes would not arrive as they are: it is no file.
create table app_public.task_files (
  id uuid primary key default gen_random_uuid(),
  task_id uuid not null references app_public.tasks on delete cascade,
  position integer not null check (position > 0),
  name text not null check (
    length(name) between 1 and 200 and name = btrim(name) and name not in ('.', '..')
    and name !~ '[[:cntrl:]\u0080-\u009f\u2028-\u202e\u2066-\u2069/\\]'),
  content_type text not null check (
    content_type ~ '^[a-z0-9][a-z0-9!#$&^_.+-]{0,126}/[a-z0-9][a-z0-9!#$&^_.+-]{0,126}$' and content_type !~ '^(message|multipart)/'),
  content bytea not null,
  size integer not null generated always as (octet_length(content)) stored check (size between 1 and 10000000),
  created_at timestamptz not null default now(),
  unique (task_id, position),
  unique (task_id, name)
);
-- Documents and pictures are compressed already: trying again costs time and gains nothing.
alter table app_public.task_files alter column content set storage external;
comment on table app_public.task_files is 'Files attached to every mail of a Task.';
comment on column app_public.task_files.position is 'Order in the mail.';
comment on column app_public.task_files.content_type is 'Type and subtype, without parameters, in lower case.';
comment on column app_public.task_files.size is 'Bytes.';

alter table app_public.task_files enable row level security;
create policy admin_all on app_public.task_files to postilion_admin using (true) with check (true);
-- Without the content: a list of files must not carry megabytes.
grant select (id, task_id, position, name, content_type, size, created_at) on app_public.task_files to postilion_admin;
