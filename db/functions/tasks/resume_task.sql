create or replace function app_public.resume_task(p_task_id uuid)
returns app_public.tasks
language plpgsql
volatile
security definer
set search_path to pg_catalog, app_public, app_hidden, pg_temp
as $$
declare
  v_task app_public.tasks;
begin
  perform app_hidden.demand_task('sender', p_task_id);
  v_task := app_hidden.lock_task(p_task_id);
  if v_task.status in ('queued', 'sending') then
    return v_task;
  elsif v_task.status <> 'paused' then
    raise exception 'taskId: a % task can not be resumed', v_task.status using errcode = 'TRANS';
  end if;
  update app_public.tasks
     set status = case when exists (select from app_public.sub_task_mails m join app_public.sub_tasks st on st.id = m.sub_task_id
                                    where m.task_id = p_task_id and st.handed_over_at is not null)
                       then 'sending' else 'queued' end::app_public.task_status
   where id = p_task_id
  returning * into v_task;
  perform app_hidden.wake_services_of(v_task.workspace_id);
  return v_task;
end;
$$;

revoke all on function app_public.resume_task(uuid) from public;
grant execute on function app_public.resume_task(uuid) to postilion_user, postilion_admin;
comment on function app_public.resume_task(uuid) is 'Goes on with a paused Task. One that runs goes on as it is. Raises TRANS in any other state.';
