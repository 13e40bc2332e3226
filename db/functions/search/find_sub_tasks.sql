-- No page costs more than 20,000 rows, however many the Task has. An address names one mail; the beginning of an address is a range of an index. All else
-- is met on a walk from the newest on, along an index that has those of a state alone, where there is one, in that order. Such an index of another order is
-- read and sorted where that is less work: of n rows among m, a page of p is met after p * m / n steps of the walk along all, so when n * n < p * m. A walk
-- along all begins with as many steps as that and a few more. One that has met too little after 20,000 rows says how far it came, and the next page goes
-- on from there. Plans are generic: to make one for each way anew took more than to follow it.
drop function if exists app_hidden.rare_sub_tasks(app_hidden.sub_task_search, text);

create or replace function app_hidden.find_sub_tasks(p_task_id uuid, p_filter jsonb, p_limit integer)
returns app_hidden.sub_task_page
language plpgsql
stable
security definer
set search_path to pg_catalog, app_public, app_hidden, pg_temp
set plan_cache_mode to force_generic_plan
as $$
declare
  c_bound constant integer := 20000;
  v_search app_hidden.sub_task_search := jsonb_populate_record(null::app_hidden.sub_task_search, p_filter || jsonb_build_object('task_id', p_task_id));
  v_tally record;
  v_way text;
  v_length integer;
  v_ids uuid[];
  v_walked_to uuid;
begin
  perform app_hidden.demand_task('viewer', p_task_id);
  if v_search.error_code is not null then
    v_search.statuses := coalesce(v_search.statuses, '{failed}');
  end if;
  if v_search.email is not null then
    v_ids := array(select app_hidden.sub_task_of_address(v_search));
  elsif v_search.email_prefix is not null then
    select ids, walked_to into v_ids, v_walked_to from app_hidden.sub_tasks_by_address(v_search, p_limit, c_bound);
  else
    v_tally := app_hidden.tally_of_search(v_search);
    if v_tally.matching = 0 then
      return row('{}', null)::app_hidden.sub_task_page;
    end if;
    v_way := case when v_tally.way = 'failed' and v_search.error_code is not null then 'error' else v_tally.way end;
    if v_way in ('waiting', 'under_way', 'failed') and (v_tally.matching >= c_bound or v_tally.matching ^ 2 >= p_limit * v_tally.total) then
      v_way := null;
    end if;
    v_length := case
      when v_way is null then least(c_bound, ceil(1.3 * (p_limit + 1) * v_tally.total / v_tally.matching))
      when v_way in ('waiting', 'under_way', 'failed') then v_tally.matching + 1
      else p_limit + 1
    end;
    select ids, walked_to into v_ids, v_walked_to from app_hidden.walk_sub_tasks(v_search, v_way, p_limit, v_length, c_bound);
  end if;
  if cardinality(v_ids) > p_limit then
    return row(v_ids[:p_limit], v_ids[p_limit])::app_hidden.sub_task_page;
  end if;
  return row(v_ids, v_walked_to)::app_hidden.sub_task_page;
end;
$$;

revoke all on function app_hidden.find_sub_tasks(uuid, jsonb, integer) from public;
grant execute on function app_hidden.find_sub_tasks(uuid, jsonb, integer) to postilion_user, postilion_admin;
comment on function app_hidden.find_sub_tasks(uuid, jsonb, integer) is
  'A page of the SubTasks of a Task that meet a filter (see sub_task_search), newest first (by the beginning of an address: in the order of addresses). Raises NTFND. It may be short, or empty, and there be more all the same.';
