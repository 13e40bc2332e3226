-- The ledger has no index that could find its end, only block ranges: so ever longer periods are asked for, until one has enough.
drop view if exists ops.changes;
drop function if exists app_hidden.change_rows();

create or replace function app_hidden.change_rows()
returns table (at text, sub_task text, move text, service text, by text)
language plpgsql
stable
security definer
set search_path to pg_catalog, app_public, app_hidden, pg_temp
as $$
declare
  v_now timestamptz := app_hidden.current_time();
  v_since timestamptz;
begin
  foreach v_since in array array[v_now - interval '10 s', v_now - interval '2 minutes', v_now - interval '1 hour', v_now - interval '1 day'] loop
    exit when 50 <= (select count(*) from (select from app_hidden.sub_task_changes where changed_at >= v_since limit 50) as enough);
  end loop;
  return query
    select to_char(c.changed_at, 'HH24:MI:SS'), left(c.sub_task_id::text, 23), c.from_status || '>' || c.to_status,
           app_hidden.clipped(coalesce(s.name, ''), 10), app_hidden.clipped(coalesce(c.reason, c.actor), 8)
      from app_hidden.sub_task_changes c left join app_public.email_services s on s.id = c.service_id
     where c.changed_at >= v_since
     order by c.changed_at desc, c.id desc
     limit 50;
end;
$$;

revoke all on function app_hidden.change_rows() from public;
grant execute on function app_hidden.change_rows() to postilion_operator;
comment on function app_hidden.change_rows() is 'What ops.changes shows.';

create view ops.changes as select * from app_hidden.change_rows();
grant select on ops.changes to postilion_operator;
comment on view ops.changes is 'The last 50 moves of mails, of a day at most: when, which, from where to where, by which service, and why or by whom.';
