drop view if exists ops.service_status;
drop function if exists app_hidden.service_rows();

create or replace function app_hidden.service_rows()
returns table (service text, state text, "for" text, way text, "left" text, ok text, heard text)
language sql
stable
security definer
set search_path to pg_catalog, app_public, app_hidden, pg_temp
as $$
  select app_hidden.clipped(s.name, 16), look.activity,
         case look.activity when 'frozen' then app_hidden.span_text(look.now, s.frozen_until)
                            when 'waiting' then app_hidden.span_text(look.now, app_hidden.next_run_at(s)) else '' end,
         s.in_flight || '/' || case when s.interval_ms > 0 then 1 else s.max_in_flight end,
         case when app_hidden.daily_cap(s, app_hidden.quota_day_of(s, look.now)) is null then '–' else app_hidden.short_number(app_hidden.quota_left(s, look.now)) end,
         round(s.success_rate * 100) || ' %',
         app_hidden.span_text(h.heard_at, look.now)
    from app_public.email_services s
   cross join lateral (select app_hidden.current_time() as now, app_hidden.activity_of(s, app_hidden.current_time()) as activity) as look
    left join app_hidden.last_heard h on h.email_service_id = s.id
   order by look.activity <> 'IDLE', look.activity <> 'frozen', s.name
   limit 200;
$$;

revoke all on function app_hidden.service_rows() from public;
grant execute on function app_hidden.service_rows() to postilion_operator;
comment on function app_hidden.service_rows() is 'What ops.service_status shows.';

create view ops.service_status as select * from app_hidden.service_rows();
grant select on ops.service_status to postilion_operator;
comment on view ops.service_status is 'Services, those in trouble first: what each does, for how long still, mails under way, quota left of today, share accepted lately, how long ago a webhook of it came. IDLE: it has work and nobody was told.';
