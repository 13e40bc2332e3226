create or replace function app_hidden.bad_domains()
returns table (email_service_id uuid, service text, domain text, says text, remedy text)
language sql
stable
set search_path to pg_catalog, app_public, pg_temp
as $$
  select s.id, s.name, c.domain, finding.says, finding.remedy
    from app_public.domain_checks c
    join app_public.email_services s on s.id = c.email_service_id and s.domain = c.domain
   cross join unnest(c.findings) with ordinality as finding (subject, name, state, says, remedy, place)
   where s.is_enabled and c.state = 'bad' and finding.state = 'bad'
   order by s.name, finding.place;
$$;

revoke all on function app_hidden.bad_domains() from public;
comment on function app_hidden.bad_domains() is
  'What was last found missing or wrong of the sending domains of services that are switched on. Not what was found of a domain that a service had before.';
