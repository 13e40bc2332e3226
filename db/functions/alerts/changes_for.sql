-- When one alert is due to be told again, so are those that were told in the last half of their interval: they come together instead of one by one.
create or replace function app_hidden.changes_for(p_channel app_public.alert_channels)
returns setof app_hidden.alert_change
language sql
stable
set search_path to pg_catalog, app_public, app_hidden, pg_temp
as $$
  with known as materialized (
    select a as alert, t.told_at, t.severity as told_severity, t.was_acted,
           make_interval(mins => coalesce((select r.repeat_minutes from app_public.alert_rules r where r.kind = a.rule), 240)) as repeat_every
      from app_public.alerts a left join app_hidden.alert_tellings t on t.alert_id = a.id and t.channel_id = p_channel.id
     where a.resolved_at is null and a.severity >= p_channel.minimum_severity
       and not exists (select from app_public.alert_rules r where r.kind = a.rule and not r.is_enabled)
  ), again as materialized (
    select coalesce(bool_or((alert).acknowledged_at is null and told_at <= app_hidden.current_time() - repeat_every), false) as is_due from known
  ), changes as (
    select alert, case
             when told_at is null then case when (alert).acknowledged_at is null or (alert).acted_at is not null then 'opened' end
             when (alert).severity > told_severity then 'worse'
             when (alert).acted_at is not null and not was_acted then 'acted'
             when (alert).acknowledged_at is null and again.is_due and told_at <= app_hidden.current_time() - repeat_every / 2 then 'again'
           end as what
      from known, again
    union all
    select a, 'resolved'
      from app_hidden.alert_tellings t join app_public.alerts a on a.id = t.alert_id
     where t.channel_id = p_channel.id and not t.is_resolved and a.resolved_at is not null
  )
  select (alert).id, what, (alert).rule, (alert).severity,
         jsonb_build_object('id', (alert).id, 'what', what, 'kind', (alert).rule, 'subject', (alert).subject, 'severity', (alert).severity,
           'message', (alert).message, 'remedy', (alert).remedy, 'action', (alert).action_taken, 'openedAt', (alert).opened_at, 'times', (alert).times)
    from changes
   where what is not null;
$$;

revoke all on function app_hidden.changes_for(app_public.alert_channels) from public;
comment on function app_hidden.changes_for(app_public.alert_channels) is
  'What a channel should be told now: alerts that were opened, became worse, were acted on, are still open, or were resolved.';
