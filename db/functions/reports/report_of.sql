-- Two periods are compared only as far as both are known: of a day that is not over, as many hours of the days before.
create or replace function app_hidden.report_of(p_from date, p_to date, p_timezone text)
returns jsonb
language plpgsql
stable
set search_path to pg_catalog, app_public, app_hidden, pg_temp
as $$
declare
  v_now timestamptz := app_hidden.current_time();
  v_days integer := p_to - p_from + 1;
  v_closed timestamptz := (select rolled_until from app_hidden.roll_up_progress);
  v_since timestamptz := p_from::timestamp at time zone p_timezone;
  v_end timestamptz := (p_to + 1)::timestamp at time zone p_timezone;
  v_until timestamptz := greatest(least(v_end, v_closed), v_since);
  v_before timestamptz := (p_from - v_days)::timestamp at time zone p_timezone;
  v_before_until timestamptz := least(((v_until at time zone p_timezone) - make_interval(days => v_days)) at time zone p_timezone, v_since);
  v_now_sums jsonb;
  v_before_sums jsonb;
begin
  select jsonb_agg(numbers) filter (where not is_before) -> 0, jsonb_agg(numbers) filter (where is_before) -> 0 into v_now_sums, v_before_sums
    from app_hidden.report_groups('all', v_before, v_before_until, v_since, v_until);
  return jsonb_build_object(
    'from', p_from, 'to', p_to, 'timezone', p_timezone, 'days', v_days, 'since', v_since, 'until', v_until, 'isWhole', v_until = v_end, 'writtenAt', v_now,
    'step', case when v_days <= 2 then 'hour' else 'day' end,
    'now', v_now_sums,
    'before', v_before_sums,
    'points', app_hidden.report_points(v_since, v_until, p_timezone, case when v_days <= 2 then 'hour' else 'day' end),
    'services', app_hidden.report_parts('service', v_before, v_before_until, v_since, v_until, 50),
    'tasks', app_hidden.report_parts('task', v_before, v_before_until, v_since, v_until, 20),
    'domains', app_hidden.report_domains(v_before, v_before_until, v_since, v_until, 15),
    'warnings', (
      select coalesce(jsonb_agg(jsonb_build_object(
               'serviceId', w.service_id, 'service', w.service, 'what', w.what, 'usual', w.usual, 'bound', w.bound, 'hours', w.hours, 'hoursOut', w.hours_out,
               'worstHour', w.worst_hour, 'worst', w.worst, 'worstMails', w.worst_mails, 'lastIsOut', w.last_is_out)), '[]')
        from app_hidden.trend_warnings(v_until, 14) as w),
    'capacity', app_hidden.report_capacity(v_now));
end;
$$;

revoke all on function app_hidden.report_of(date, date, text) from public;
comment on function app_hidden.report_of(date, date, text) is 'A report of whole days in a time zone, from the hours that are closed, beside as many days before.';
