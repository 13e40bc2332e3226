-- Of Tasks and services there may be any number: those with most are named, and how many more there are is told.
create or replace function app_hidden.report_parts(
  p_by text, p_before timestamptz, p_before_until timestamptz, p_since timestamptz, p_until timestamptz, p_limit integer
)
returns jsonb
language sql
stable
set search_path to pg_catalog, app_public, app_hidden, pg_temp
as $$
  with groups as materialized (
    select id, max(sent) filter (where not is_before) as sent, jsonb_agg(numbers) filter (where not is_before) -> 0 as now,
           jsonb_agg(numbers) filter (where is_before) -> 0 as before
      from app_hidden.report_groups(p_by, p_before, p_before_until, p_since, p_until)
     where id is not null
     group by id
  ), named as (
    select g.*, case p_by when 'service' then (select s.name from app_public.email_services s where s.id = g.id)
                          else (select t.name from app_public.tasks t where t.id = g.id) end as name
      from groups g
     where g.now is not null and (p_by = 'service' or not coalesce((select t.is_test from app_public.tasks t where t.id = g.id), false))
     order by g.sent desc nulls last, g.id
  )
  select jsonb_build_object(
    'most', coalesce((
      select jsonb_agg(jsonb_build_object('id', id, 'name', coalesce(name, 'deleted'), 'now', now, 'before', before)) from (select * from named limit p_limit) as first), '[]'),
    'more', (select greatest(count(*) - p_limit, 0) from named));
$$;

revoke all on function app_hidden.report_parts(text, timestamptz, timestamptz, timestamptz, timestamptz, integer) from public;
comment on function app_hidden.report_parts(text, timestamptz, timestamptz, timestamptz, timestamptz, integer) is
  'The services, or the Tasks, that sent most in a period, with their sums and those of the period before.';
