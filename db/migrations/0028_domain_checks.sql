alter table app_public.email_services add column dkim_selector text, add column spf_include text;
comment on column app_public.email_services.dkim_selector is
  'What stands before ._domainkey in the name of its DKIM key, as the provider''s console says; null: not known, and not looked up.';
comment on column app_public.email_services.spf_include is
  'The domain that the provider wants included in the SPF record of the sending domain; null: it names none.';
grant select (dkim_selector, spf_include), update (dkim_selector, spf_include) on app_public.email_services to postilion_admin;

-- In the order of their weight: a check is as its worst finding.
create type app_public.domain_state as enum ('ok', 'unknown', 'warning', 'bad');
comment on type app_public.domain_state is
  'How a domain''s records are: ok; unknown (could not be asked); warning (it works, and should be looked at); bad (missing or wrong).';

create type app_public.domain_finding as (subject text, name text, state app_public.domain_state, says text, remedy text);
comment on type app_public.domain_finding is 'What was found of one of a sending domain''s records.';
comment on column app_public.domain_finding.subject is 'spf, dkim, dmarc, return_path or tracking.';
comment on column app_public.domain_finding.name is 'The name that was asked for.';
comment on column app_public.domain_finding.says is 'What was found, in a sentence.';
comment on column app_public.domain_finding.remedy is 'What to do, with the record to add; empty: nothing.';

-- The last one only: what a record was last week mends nothing.
create table app_public.domain_checks (
  email_service_id uuid primary key references app_public.email_services on delete cascade,
  domain text not null,
  state app_public.domain_state not null,
  findings app_public.domain_finding[] not null,
  checked_at timestamptz not null
);
comment on table app_public.domain_checks is 'What was last found of the records of a service''s sending domain: SPF, DKIM, DMARC, the way of bounces, the host of its links.';
comment on column app_public.domain_checks.domain is 'The sending domain that was looked at.';
comment on column app_public.domain_checks.state is 'That of the worst finding.';
comment on column app_public.domain_checks.findings is 'What was found, record by record.';
comment on column app_public.domain_checks.checked_at is 'When it was looked at.';
alter table app_public.domain_checks enable row level security;
grant usage on type app_public.domain_state, app_public.domain_finding to postilion_visitor, postilion_user, postilion_admin, postilion_worker;
create policy admin_all on app_public.domain_checks to postilion_admin using (true) with check (true);
create policy member_select on app_public.domain_checks for select to postilion_user
  using (email_service_id = any ((select app_hidden.services_seen())::uuid[]));
grant select (email_service_id, domain, state, findings, checked_at) on app_public.domain_checks to postilion_admin, postilion_user;
