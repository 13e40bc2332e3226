create or replace function app_hidden.diagnosis_lines(p_diagnosis jsonb)
returns table (place integer, part text, says text)
language sql
stable
set search_path to pg_catalog, app_public, app_hidden, pg_temp
as $$
  with d as materialized (
    select p_diagnosis as j, p_diagnosis -> 'task' as t
  )
  select 1, 'Task', format('%s (%s), %s, of %s', app_hidden.clipped(t ->> 'name', 60), t ->> 'id', t ->> 'status', app_hidden.clipped(t ->> 'workspace', 40)) from d
  union all
  select 2, '', format('priority %s; scheduled for %s; rendered %s', t ->> 'priority', app_hidden.minute_text(t ->> 'scheduledAt'), app_hidden.minute_text(t ->> 'generatedAt')) from d
  union all
  select 3, '', format('ended %s', app_hidden.minute_text(coalesce(t ->> 'completedAt', t ->> 'cancelledAt'))) from d where coalesce(t ->> 'completedAt', t ->> 'cancelledAt') is not null
  union all
  select 4, 'Mails', format('%s: %s', j -> 'states' ->> 'total', app_hidden.counts_text((j -> 'states') - 'total')) from d
  union all
  select 5, 'Broken', format('%s → %s', f ->> 'says', f ->> 'remedy') from d cross join jsonb_array_elements(j -> 'faults') as f
  union all
  select 6, 'Why', format('%s%s → %s', app_hidden.clipped(w ->> 'sentence', 300), case when w ->> 'movesAt' is not null then format(' (until %s)', app_hidden.minute_text(w ->> 'movesAt')) end, w ->> 'remedy') from d cross join jsonb_array_elements(j -> 'notSending') as w
  union all
  select 7, 'Why', 'It is sending: nothing stands in its way.' from d where j -> 'notSending' = '[]' and t ->> 'status' in ('queued', 'sending')
  union all
  select 8, 'Forecast', format('%s left at %s an hour; done %s; what decides: %s', f ->> 'left', f ->> 'ratePerHour', case when f ->> 'finishesAt' is null then 'never' else app_hidden.minute_text(f ->> 'finishesAt') end, f ->> 'limiting')
    from d cross join lateral (select j -> 'forecast' as f) as forecast where f <> 'null' and (f ->> 'left')::bigint > 0
  union all
  select 9, 'Failures', string_agg(format('%s × %s', f ->> 'mails', f ->> 'code'), ', ' order by (f ->> 'mails')::bigint desc) from d cross join jsonb_array_elements(j -> 'failures') as f having count(*) > 0
  union all
  select 10, case row_number() over (order by s ->> 'name') when 1 then 'Services' else '' end,
         format('%s: %s, %s under way%s, %s %% accepted lately%s', app_hidden.clipped(s ->> 'name', 40), replace(s ->> 'state', '_', ' '), s ->> 'inFlight', ', quota left ' || (s ->> 'quotaLeft'),
           round(100 * (s ->> 'acceptedShare')::numeric), '; frozen: ' || app_hidden.clipped(s ->> 'freezeReason', 120)) from d cross join jsonb_array_elements(j -> 'services') as s
  union all
  select 11, 'Webhooks', format('%s wait to be applied%s', j -> 'webhooks' ->> 'waiting',
           (select '; nothing is heard of ' || string_agg(app_hidden.clipped(name, 40), ', ') from jsonb_array_elements_text(j -> 'webhooks' -> 'silentServices') as name)) from d
  union all
  select 12, 'Heard of', app_hidden.counts_text(j -> 'funnel') from d;
$$;

revoke all on function app_hidden.diagnosis_lines(jsonb) from public;
comment on function app_hidden.diagnosis_lines(jsonb) is 'A diagnosis in sentences.';
