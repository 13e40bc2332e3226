-- An hour belongs to the day in which it begins: where a zone is off the full hour, so are its days by less than one.
create or replace function app_hidden.report_points(p_since timestamptz, p_until timestamptz, p_timezone text, p_step text)
returns jsonb
language sql
stable
set search_path to pg_catalog, app_public, app_hidden, pg_temp
as $$
  with spans as (
    select n as at from generate_series(p_since at time zone p_timezone, p_until at time zone p_timezone - interval '1 microsecond', ('1 ' || p_step)::interval) as n
  ), sums as (
    select date_trunc(p_step, h.hour at time zone p_timezone) as at, sum(h.sent) as sent, sum(h.bounced) as bounced, sum(h.failed) as failed,
           sum(h.delivered) as delivered, sum(h.complained) as complained, sum(h.uncertain) as uncertain
      from app_public.hourly_statistics h
     where h.hour >= p_since and h.hour < p_until
     group by 1
  )
  select coalesce(jsonb_agg(jsonb_build_object(
           'at', to_char(spans.at, 'YYYY-MM-DD"T"HH24:MI'), 'sent', coalesce(sent, 0), 'delivered', coalesce(delivered, 0), 'bounced', coalesce(bounced, 0),
           'failed', coalesce(failed, 0), 'complained', coalesce(complained, 0), 'uncertain', coalesce(uncertain, 0)) order by spans.at), '[]')
    from spans left join sums using (at);
$$;

revoke all on function app_hidden.report_points(timestamptz, timestamptz, text, text) from public;
comment on function app_hidden.report_points(timestamptz, timestamptz, text, text) is 'What happened in each day, or hour, of a period, in local times, without a gap.';
