-- Two kinds: those that changed last, which health looks at as well, so that what it finds is mended by the next run; and all others in turn, by
-- id, from the beginning again after the last. Of the turn one Task is taken whatever its size, the others only while the rows to be read stay
-- below p_mails. Who dies after taking some leaves them to the next turn.
create or replace function app_private.take_tasks_to_check(p_limit integer, p_mails bigint)
returns setof uuid
language plpgsql
volatile
security definer
set search_path to pg_catalog, app_public, app_hidden, pg_temp
as $$
declare
  v_last uuid;
  v_ids uuid[];
begin
  select last_task_id into v_last from app_hidden.statistics_checks for no key update skip locked;
  if not found then
    return;
  end if;
  v_ids := array(
    select sized.id
      from (
        select t.id, coalesce(sum((app_public.tasks_states(t)).total) over (order by t.id rows between unbounded preceding and 1 preceding), 0) as before
          from (select * from app_public.tasks where v_last is null or id > v_last order by id limit p_limit) as t
      ) as sized
     where sized.before < p_mails
     order by sized.id);
  update app_hidden.statistics_checks set last_task_id = v_ids[cardinality(v_ids)];
  return query select unnest(v_ids) union select app_hidden.tasks_to_count(200000) order by 1;
end;
$$;

revoke all on function app_private.take_tasks_to_check(integer, bigint) from public;
grant execute on function app_private.take_tasks_to_check(integer, bigint) to postilion_worker;
comment on function app_private.take_tasks_to_check(integer, bigint) is
  'The Tasks whose statistics shall be compared with their rows: those that changed last, up to 200,000 mails, and the next in turn, up to p_limit and about p_mails mails. None: somebody else takes.';
