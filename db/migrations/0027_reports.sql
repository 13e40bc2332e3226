-- What a report needs beyond hourly_statistics: the domains that mails went to, and the reports themselves.
create table app_hidden.hourly_domain_statistics (
  hour timestamptz not null,
  domain text collate "C" not null,
  sent integer not null,
  delivered integer not null,
  soft_bounced integer not null,
  hard_bounced integer not null,
  bounced integer not null,
  complained integer not null,
  failed integer not null,
  uncertain integer not null,
  primary key (hour, domain)
);
comment on table app_hidden.hourly_domain_statistics is
  'What was recorded in each hour (UTC), by the domain of the recipients, in the words of hourly_statistics: the 50 domains with most of it, and all others together.';
comment on column app_hidden.hourly_domain_statistics.domain is 'Empty: all others.';
alter table app_hidden.hourly_domain_statistics enable row level security;

create table app_hidden.daily_reports (
  day date not null,
  timezone text not null,
  report jsonb not null check (jsonb_typeof(report) = 'object'),
  findings jsonb not null check (jsonb_typeof(findings) = 'array'),
  written_at timestamptz not null,
  primary key (day, timezone)
);
comment on table app_hidden.daily_reports is 'A report of each whole day, as it was when all its hours were closed. Kept for REPORT_DAYS days.';
comment on column app_hidden.daily_reports.report is 'What ops.read_report answered.';
comment on column app_hidden.daily_reports.findings is 'What the numbers say, in sentences, each with its tone: bad, good or plain.';
alter table app_hidden.daily_reports enable row level security;
