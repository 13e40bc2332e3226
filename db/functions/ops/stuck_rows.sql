drop view if exists ops.stuck_sub_tasks;
drop function if exists app_hidden.stuck_rows();

create or replace function app_hidden.stuck_rows()
returns table (sub_task text, task text, state text, service text, late text)
language sql
stable
security definer
set search_path to pg_catalog, app_public, app_hidden, pg_temp
as $$
  (select left(st.id::text, 23), left(st.task_id::text, 8), st.status::text, app_hidden.clipped(s.name, 16), app_hidden.span_text(st.lease_expires_at, app_hidden.current_time())
     from app_public.sub_tasks st left join app_public.email_services s on s.id = st.service_id
    where st.phase = 'under_way' and st.lease_expires_at <= (select app_hidden.current_time())
    order by st.lease_expires_at
    limit 100)
  union all
  (select left(st.id::text, 23), left(st.task_id::text, 8), st.status::text, app_hidden.clipped(s.name, 16), app_hidden.span_text(st.uncertain_at, app_hidden.current_time())
     from app_public.email_services s
    cross join lateral (
      select * from app_public.sub_tasks where service_id = s.id and phase = 'in_doubt' and uncertain_at < (select app_hidden.current_time()) - interval '1 hour'
       order by uncertain_at limit 100) as st
    order by st.uncertain_at
    limit 100);
$$;

revoke all on function app_hidden.stuck_rows() from public;
grant execute on function app_hidden.stuck_rows() to postilion_operator;
comment on function app_hidden.stuck_rows() is 'What ops.stuck_sub_tasks shows.';

create view ops.stuck_sub_tasks as select * from app_hidden.stuck_rows();
grant select on ops.stuck_sub_tasks to postilion_operator;
comment on view ops.stuck_sub_tasks is 'Up to 100 mails whose lease has run out (ops.repair(leases)), and 100 in doubt for over an hour, the longest first. The ids are long enough for ops.explain_sub_task.';
