-- What monitoring reads at each scrape, and what it could not know otherwise.
create type app_hidden.gauge as (name text, label text, value double precision);
comment on type app_hidden.gauge is 'A number for monitoring: the metric''s name without its prefix, the value of its one label (null: it has none), and the number in base units.';

create table app_hidden.cron_finishes (
  handler text primary key check (handler ~ '^[a-z][a-z_]{1,59}$'),
  finished_at timestamptz not null
) with (fillfactor = 50);
comment on table app_hidden.cron_finishes is 'When each handler of the crontab last finished without an error, wherever it ran.';
alter table app_hidden.cron_finishes enable row level security;
