-- A look takes seconds: of a service that got another domain or is gone meanwhile nothing is kept.
create or replace function app_private.record_domain_check(p_email_service_id uuid, p_domain text, p_findings jsonb)
returns app_public.domain_state
language sql
volatile
security definer
set search_path to pg_catalog, app_public, app_hidden, pg_temp
as $$
  insert into app_public.domain_checks as known (email_service_id, domain, state, findings, checked_at)
  select s.id, s.domain, found.state, found.findings, app_hidden.current_time()
    from app_public.email_services s
   cross join (
     select max(finding.state) as state,
            array_agg(row (finding.subject, finding.name, finding.state, finding.says, finding.remedy)::app_public.domain_finding) as findings
       from jsonb_populate_recordset(null::app_public.domain_finding, p_findings) as finding
   ) as found
   where s.id = p_email_service_id and s.domain = p_domain
  on conflict (email_service_id) do update
    set domain = excluded.domain, state = excluded.state, findings = excluded.findings, checked_at = excluded.checked_at
  returning state;
$$;

revoke all on function app_private.record_domain_check(uuid, text, jsonb) from public;
grant execute on function app_private.record_domain_check(uuid, text, jsonb) to postilion_worker;
comment on function app_private.record_domain_check(uuid, text, jsonb) is
  'Keeps what was found of a service''s sending domain in place of what was found before. Answers the state of the worst finding; null: the service has another domain by now.';
