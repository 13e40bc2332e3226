-- The inner limit is a fence, too: the condition stays outside, and rows are taken in the order of the index until enough have met it. So is the offset:
-- what is rare by its statistics was looked for in all rows there are, to be joined.
-- Of a table that is hardly more than this Task the planner would read all and sort, for a bound that is seldom reached.
create or replace function app_hidden.walk_sub_tasks(p_search app_hidden.sub_task_search, p_limit integer, p_bound integer)
returns app_hidden.sub_task_page
language plpgsql
stable
set search_path to pg_catalog, app_public, app_hidden, pg_temp
set enable_seqscan to off
set enable_bitmapscan to off
as $$
declare
  v app_hidden.sub_task_search := p_search;
  v_before uuid := coalesce(v.after_id, 'ffffffff-ffff-ffff-ffff-ffffffffffff');
  v_page app_hidden.sub_task_page;
begin
  v_page.ids := array(
    select st.id
      from (
        select m.sub_task_id from app_public.sub_task_mails m
         where m.task_id = v.task_id and m.sub_task_id < v_before
         order by m.sub_task_id desc limit p_bound
      ) as m
     cross join lateral (select st.* from app_public.sub_tasks st where st.id = m.sub_task_id offset 0) as st
     where (v.statuses is null or st.status = any (v.statuses))
       and (v.service_id is null or st.service_id = v.service_id)
       and (v.error_code is null or st.error_code = v.error_code)
     order by m.sub_task_id desc
     limit p_limit + 1);
  if cardinality(v_page.ids) <= p_limit then
    v_page.walked_to := (
      select m.sub_task_id from app_public.sub_task_mails m where m.task_id = v.task_id and m.sub_task_id < v_before
       order by m.sub_task_id desc offset p_bound - 1 limit 1);
  end if;
  return v_page;
end;
$$;

revoke all on function app_hidden.walk_sub_tasks(app_hidden.sub_task_search, integer, integer) from public;
comment on function app_hidden.walk_sub_tasks(app_hidden.sub_task_search, integer, integer) is
  'SubTasks that are looked for, newest first: up to p_limit + 1 of the next p_bound, and where those end if they are not enough.';
