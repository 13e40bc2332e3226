-- A copy of a database knows the same mails as its original, and would send them as well: a restored backup, a staging system made from one.
create table app_hidden.home (
  is_only boolean primary key default true check (is_only),
  mark text not null,
  since timestamptz not null
);
comment on table app_hidden.home is 'The database in which workers may send: one row, written when the first worker starts, and by after_restore.';
comment on column app_hidden.home.mark is 'What home_mark() was there. A copy has another.';
alter table app_hidden.home enable row level security;
