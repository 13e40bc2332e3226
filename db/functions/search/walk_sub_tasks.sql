-- In stretches, each four times as long as the one before. The ids of a stretch are read from an index, those of the rarest way there is, and their rows
-- along the key, which is gone down once a stretch: a look-up for each took twice as long. The error is the 39th column, and is read only where it is asked
-- for and no index has it. Where a way's index has another order there is a fence (offset 0) before the sort: the planner would walk all of the key to be
-- spared it. Of a table that is hardly more than this Task it would read all and sort, for a bound that is seldom reached.
drop function if exists app_hidden.walk_sub_tasks(app_hidden.sub_task_search, integer, integer);
drop function if exists app_hidden.walk_sub_tasks(app_hidden.sub_task_search, integer, integer, integer);

create or replace function app_hidden.walk_sub_tasks(p_search app_hidden.sub_task_search, p_way text, p_limit integer, p_length integer, p_bound integer)
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
  v_left integer := p_bound;
  v_length integer := p_length;
  v_stretch uuid[];
  v_page app_hidden.sub_task_page;
begin
  v_page.ids := '{}';
  loop
    v_length := least(v_length, v_left);
    case p_way
      when 'clicked' then
        v_stretch := array(
          select st.id from app_public.sub_tasks st where st.task_id = v.task_id and st.clicked_at is not null and st.id < v_before
           order by st.id desc limit v_length);
      when 'bounced' then
        v_stretch := array(
          select st.id from app_public.sub_tasks st where st.task_id = v.task_id and st.bounced_at is not null and st.id < v_before
           order by st.id desc limit v_length);
      when 'cancelled' then
        v_stretch := array(
          select st.id from app_public.sub_tasks st where st.task_id = v.task_id and st.cancelled_at is not null and st.id < v_before
           order by st.id desc limit v_length);
      when 'in_doubt' then
        v_stretch := array(
          select st.id from app_public.sub_tasks st where st.task_id = v.task_id and st.phase = 'in_doubt' and st.id < v_before
           order by st.id desc limit v_length);
      when 'error' then
        v_stretch := array(
          select st.id from app_public.sub_tasks st
           where st.task_id = v.task_id and st.phase = 'failed' and st.error_code = v.error_code and st.id < v_before
           order by st.id desc limit v_length);
      when 'failed' then
        v_stretch := array(
          select st.id
            from (select st.id from app_public.sub_tasks st where st.task_id = v.task_id and st.phase = 'failed' and st.id < v_before offset 0) as st
           order by st.id desc limit v_length);
      when 'under_way' then
        v_stretch := array(
          select st.id
            from (select st.id from app_public.sub_tasks st where st.task_id = v.task_id and st.phase = 'under_way' and st.id < v_before offset 0) as st
           order by st.id desc limit v_length);
      when 'waiting' then
        v_stretch := array(
          select st.id
            from (select st.id from app_public.sub_tasks st where st.task_id = v.task_id and st.phase = 'waiting' and st.id < v_before offset 0) as st
           order by st.id desc limit v_length);
      else
        v_stretch := array(
          select m.sub_task_id from app_public.sub_task_mails m where m.task_id = v.task_id and m.sub_task_id < v_before
           order by m.sub_task_id desc limit v_length);
    end case;
    v_page.ids := v_page.ids || array(
      select st.id
        from app_public.sub_tasks st
       where st.id = any (v_stretch)
         and (v.statuses is null or st.status = any (v.statuses))
         and (v.service_id is null or st.service_id = v.service_id)
         and (v.error_code is null or p_way = 'error' or (select e.error_code from app_public.sub_tasks e where e.ctid = st.ctid) = v.error_code)
       order by st.id desc
       limit p_limit + 1 - cardinality(v_page.ids));
    exit when cardinality(v_page.ids) > p_limit or cardinality(v_stretch) < v_length;
    v_before := v_stretch[v_length];
    v_left := v_left - v_length;
    if v_left = 0 then
      v_page.walked_to := v_before;
      exit;
    end if;
    v_length := 4 * v_length;
  end loop;
  return v_page;
end;
$$;

revoke all on function app_hidden.walk_sub_tasks(app_hidden.sub_task_search, text, integer, integer, integer) from public;
comment on function app_hidden.walk_sub_tasks(app_hidden.sub_task_search, text, integer, integer, integer) is
  'SubTasks that are looked for, newest first, among those of a way (see tally_of_search; "error": that failed for the error looked for; null: all of the Task): up to p_limit + 1 of the next p_bound, and where those end if they are not enough. It looks at p_length first.';
