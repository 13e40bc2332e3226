-- Each branch has the predicate of a partial index; those of other ways are not begun. No order inside: it would tempt the planner to walk.
create or replace function app_hidden.rare_sub_tasks(p_search app_hidden.sub_task_search, p_way text)
returns setof uuid
language sql
stable
set search_path to pg_catalog, app_public, app_hidden, pg_temp
as $$
  select st.id
    from (
    select st.id, st.status, st.service_id, st.error_code from app_public.sub_tasks st
     where p_way = 'waiting' and st.task_id = (p_search).task_id and st.phase = 'waiting'
    union all
    select st.id, st.status, st.service_id, st.error_code from app_public.sub_tasks st
     where p_way = 'under_way' and st.task_id = (p_search).task_id and st.phase = 'under_way'
    union all
    select st.id, st.status, st.service_id, st.error_code from app_public.sub_tasks st
     where p_way = 'in_doubt' and st.task_id = (p_search).task_id and st.phase = 'in_doubt'
    union all
    select st.id, st.status, st.service_id, st.error_code from app_public.sub_tasks st
     where p_way = 'failed' and st.task_id = (p_search).task_id and st.phase = 'failed'
    union all
    select st.id, st.status, st.service_id, st.error_code from app_public.sub_tasks st
     where p_way = 'clicked' and st.task_id = (p_search).task_id and st.clicked_at is not null
    union all
    select st.id, st.status, st.service_id, st.error_code from app_public.sub_tasks st
     where p_way = 'bounced' and st.task_id = (p_search).task_id and st.bounced_at is not null
    union all
    select st.id, st.status, st.service_id, st.error_code from app_public.sub_tasks st
     where p_way = 'cancelled' and st.task_id = (p_search).task_id and st.cancelled_at is not null
  ) as st
   cross join (select (p_search).*) as v
   where (v.statuses is null or st.status = any (v.statuses))
     and (v.service_id is null or st.service_id = v.service_id)
     and (v.error_code is null or st.error_code = v.error_code);
$$;

revoke all on function app_hidden.rare_sub_tasks(app_hidden.sub_task_search, text) from public;
comment on function app_hidden.rare_sub_tasks(app_hidden.sub_task_search, text) is 'All SubTasks that are looked for, by the partial index of a way (see search_way), in no order.';
