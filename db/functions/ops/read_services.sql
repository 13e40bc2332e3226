create or replace function ops.read_services()
returns table (id uuid, name text, provider text, domain text, state text, quota_left bigint, accepted real, domain_state text, checked_at timestamptz)
language sql
stable
security definer
set search_path to pg_catalog, app_public, app_hidden, pg_temp
as $$
  select s.id, s.name, s.provider, s.domain, app_hidden.activity_of(s, look.now),
         case when app_hidden.daily_cap(s, app_hidden.quota_day_of(s, look.now)) is not null then app_hidden.quota_left(s, look.now)::bigint end,
         s.success_rate, c.state::text, c.checked_at
    from app_public.email_services s
   cross join (select app_hidden.current_time() as now) as look
    left join app_public.domain_checks c on c.email_service_id = s.id and c.domain = s.domain
   order by s.name;
$$;

revoke all on function ops.read_services() from public;
grant execute on function ops.read_services() to postilion_operator;
comment on function ops.read_services() is 'Every service: what it does, how many mails it may send today still (null: any number), and how its sending domain was when it was last looked at.';
