create or replace function app_hidden.report_domains(
  p_before timestamptz, p_before_until timestamptz, p_since timestamptz, p_until timestamptz, p_limit integer
)
returns jsonb
language sql
stable
set search_path to pg_catalog, app_hidden, pg_temp
as $$
  with hours as materialized (
    select *, hour < p_since as is_before from app_hidden.hourly_domain_statistics
     where hour >= p_before and hour < p_until and (hour >= p_since or hour < p_before_until)
  ), ranked as (
    select domain, row_number() over (order by domain = '', sum(sent) filter (where not is_before) desc nulls last, domain) as place from hours group by domain
  ), sums as (
    select case when r.place <= p_limit then h.domain else '' end as name, min(r.place) as place, h.is_before,
           jsonb_build_object(
             'sent', sum(sent), 'delivered', sum(delivered), 'softBounced', sum(soft_bounced), 'hardBounced', sum(hard_bounced), 'bounced', sum(bounced),
             'complained', sum(complained), 'failed', sum(failed), 'uncertain', sum(uncertain)) as numbers
      from hours h join ranked r using (domain)
     group by 1, h.is_before
  ), paired as (
    select name, min(place) as place, jsonb_agg(numbers) filter (where not is_before) -> 0 as now, jsonb_agg(numbers) filter (where is_before) -> 0 as before
      from sums group by name
  )
  select coalesce(jsonb_agg(jsonb_build_object('name', name, 'now', now, 'before', before) order by name = '', place) filter (where now is not null), '[]') from paired;
$$;

revoke all on function app_hidden.report_domains(timestamptz, timestamptz, timestamptz, timestamptz, integer) from public;
comment on function app_hidden.report_domains(timestamptz, timestamptz, timestamptz, timestamptz, integer) is
  'The domains that most was sent to in a period, and all others together (no name), with their sums and those of the period before.';
