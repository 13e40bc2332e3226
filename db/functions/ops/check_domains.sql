-- A warning, never critical: mails go out, and arrive less often than they should.
create or replace function app_hidden.check_domains()
returns setof app_hidden.health_line
language sql
stable
set search_path to pg_catalog, app_public, app_hidden, pg_temp
as $$
  with checked as materialized (
    select count(*) as total, count(*) filter (where c.state = 'unknown') as unknown
      from app_public.domain_checks c join app_public.email_services s on s.id = c.email_service_id and s.domain = c.domain
     where s.is_enabled
  ), bad as materialized (
    select service, min(domain) as domain, (array_agg(says))[1] as says from app_hidden.bad_domains() group by service
  )
  select 'domains', case when bad.count > 0 then 'warning' else 'ok' end,
         case when bad.count > 0 then format('Records are missing or wrong: %s.', app_hidden.clipped(bad.list, 300))
              else format('The records of %s are in order.', app_hidden.counted(total - unknown, 'sending domain'))
                   || case when unknown > 0 then format(' Could not be asked: %s.', unknown) else '' end end,
         case when bad.count > 0 then 'postilion services check says which record to add.' else '' end,
         false, jsonb_build_object('bad', bad.count, 'checked', total)
    from checked
   cross join (select count(*) as count, string_agg(format('%s (%s): %s', domain, service, rtrim(says, '.')), '; ' order by service) as list from bad) as bad
   where total > 0;
$$;

revoke all on function app_hidden.check_domains() from public;
comment on function app_hidden.check_domains() is 'Whether the sending domains of services that are switched on had their records, when they were last looked at. No line before the first look.';
