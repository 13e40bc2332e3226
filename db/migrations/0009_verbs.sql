create type app_public.uncertain_policy as enum ('park', 'resend');
comment on type app_public.uncertain_policy is
  'What becomes of a mail that the provider may or may not have accepted: it waits for evidence or an operator, or is sent again by itself.';
grant usage on type app_public.uncertain_policy to postilion_visitor, postilion_user, postilion_admin;

alter table app_public.tasks
  add column uncertain_policy app_public.uncertain_policy not null default 'park',
  add column window_days integer[] check (window_days <@ array[1, 2, 3, 4, 5, 6, 7] and cardinality(window_days) > 0),
  add column window_start time,
  add column window_end time,
  add column window_timezone text,
  add constraint window_is_whole check (num_nonnulls(window_days, window_start, window_end, window_timezone) in (0, 4));
comment on column app_public.tasks.window_days is 'Mails are handed over on these days only (1 Monday to 7 Sunday); null: at any time.';
comment on column app_public.tasks.window_start is 'From this local time …';
comment on column app_public.tasks.window_end is '… to this; at or before the start means the next day.';
comment on column app_public.tasks.window_timezone is 'Where the days and times of the window are read.';
grant select (uncertain_policy, window_days, window_start, window_end, window_timezone) on app_public.tasks to postilion_admin;

alter table app_public.email_services add column is_stopped boolean not null default false;
comment on column app_public.email_services.is_stopped is 'Sending is stopped everywhere, whatever else is set.';
grant select (is_stopped) on app_public.email_services to postilion_admin;

