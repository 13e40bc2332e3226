create or replace function app_hidden.measure_quota_low(p_rule app_public.alert_rules)
returns setof app_hidden.alert_reading
language sql
stable
set search_path to pg_catalog, app_public, app_hidden, pg_temp
as $$
  select s.id::text, null::uuid, 100 * q.left_over::double precision / q.cap, q.cap::bigint,
         format('%s may send %s of %s mails more today, and %s wait.', s.name, q.left_over, q.cap, q.waits),
         'What is left goes tomorrow, or by other services. Sooner: raise its daily quota, if the provider allows more, or add a service.',
         jsonb_build_object('emailServiceId', s.id, 'left', q.left_over, 'cap', q.cap)
    from app_public.email_services s
   cross join lateral (
     select app_hidden.quota_left(s, n.at) as left_over, app_hidden.daily_cap(s, app_hidden.quota_day_of(s, n.at)) as cap, app_hidden.mails_waiting_for(s) as waits
       from app_hidden.current_time() as n (at)
   ) as q
   where s.is_enabled and not s.is_stopped and q.cap > 0 and q.waits > q.left_over
  union all
  select w.id::text, w.id, 100 * greatest(w.monthly_quota - u.used, 0)::double precision / w.monthly_quota, w.monthly_quota::bigint,
         format('The workspace %s has %s of its %s mails of this month left.', w.name, greatest(w.monthly_quota - u.used, 0), w.monthly_quota),
         'A Task that needs more fails before anything of it is sent. An admin may raise the monthly quota.',
         jsonb_build_object('workspaceId', w.id, 'used', u.used)
    from app_public.workspaces w
   cross join lateral (select app_hidden.used_in_month(w.id, app_hidden.quota_month(app_hidden.current_time()))) as u (used)
   where w.monthly_quota > 0;
$$;

revoke all on function app_hidden.measure_quota_low(app_public.alert_rules) from public;
comment on function app_hidden.measure_quota_low(app_public.alert_rules) is
  'What is left of the daily quotas of services for which more waits, and of the monthly quotas of workspaces.';
