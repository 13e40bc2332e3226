create or replace function app_public.settle_uncertain(p_sub_task_id uuid, p_was_sent boolean)
returns app_public.sub_tasks
language plpgsql
volatile
security definer
set search_path to pg_catalog, app_public, app_hidden, pg_temp
as $$
declare
  v_sub_task app_public.sub_tasks;
begin
  perform app_hidden.demand_of(
    'sender',
    (select t.workspace_id from app_public.sub_tasks st join app_public.tasks t on t.id = st.task_id where st.id = p_sub_task_id),
    format('subTaskId: there is no sub-task %s', p_sub_task_id));
  select * into v_sub_task from app_public.sub_tasks where id = p_sub_task_id for no key update;
  if v_sub_task.status is distinct from 'uncertain' then
    raise exception 'subTaskId: % is not an uncertain sub-task', p_sub_task_id using errcode = 'TRANS';
  end if;
  update app_public.sub_tasks
     set status = case when p_was_sent then 'sent' else 'failed' end::app_public.sub_task_status,
         phase = case when p_was_sent then 'over' else 'failed' end::app_public.sub_task_phase,
         sent_at = case when p_was_sent then handed_over_at end,
         failed_at = case when not p_was_sent then app_hidden.current_time() end,
         error_code = case when not p_was_sent then 'not_accepted' end
   where id = p_sub_task_id
  returning * into v_sub_task;
  return v_sub_task;
end;
$$;

revoke all on function app_public.settle_uncertain(uuid, boolean) from public;
grant execute on function app_public.settle_uncertain(uuid, boolean) to postilion_user, postilion_admin;
comment on function app_public.settle_uncertain(uuid, boolean) is
  'An operator''s verdict on an uncertain mail: the provider did accept it (sent), or did not (failed, and may be retried). Raises TRANS when it is not uncertain.';
