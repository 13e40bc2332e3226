create or replace function app_hidden.describe_services(p_workspace_id uuid)
returns jsonb
language sql
stable
set search_path to pg_catalog, app_public, app_hidden, pg_temp
as $$
  select coalesce(jsonb_agg(jsonb_build_object(
           'id', s.id, 'name', s.name, 'state', app_hidden.activity_of(s, app_hidden.current_time()), 'inFlight', s.in_flight,
           'quotaLeft', case when app_hidden.daily_cap(s, app_hidden.quota_day_of(s, app_hidden.current_time())) is not null then app_hidden.quota_left(s, app_hidden.current_time()) end,
           'frozenUntil', case when isfinite(s.frozen_until) and s.frozen_until > app_hidden.current_time() then s.frozen_until end,
           'freezeReason', case when s.frozen_until > app_hidden.current_time() then s.freeze_reason end,
           'acceptedShare', s.success_rate, 'heardAt', h.heard_at) order by s.name), '[]')
    from (select * from app_public.email_services s where app_hidden.service_serves(s, p_workspace_id) order by s.name limit 50) as s
    left join app_hidden.last_heard h on h.email_service_id = s.id;
$$;

revoke all on function app_hidden.describe_services(uuid) from public;
comment on function app_hidden.describe_services(uuid) is 'The services that may serve a workspace, 50 at most, for read_diagnosis.';
