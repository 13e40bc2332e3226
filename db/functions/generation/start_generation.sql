-- The snapshot: who receives is decided here, in one statement, and kept as batches of ids; what is added or tagged later does not count.
-- Now that their number is known it is reserved from the workspace's quota, in the same transaction; where that does not suffice the Task
-- fails before anything is rendered.
create or replace function app_private.start_generation(p_task_id uuid, p_batch_size integer)
returns app_public.task_status
language plpgsql
volatile
security definer
set search_path to pg_catalog, app_public, app_hidden, pg_temp
as $$
declare
  v_task app_public.tasks := app_hidden.lock_task(p_task_id);
  v_shortfall text;
begin
  if v_task.status <> 'scheduled' or v_task.scheduled_at > app_hidden.current_time() then
    return v_task.status;
  end if;
  insert into app_hidden.task_recipient_batches (task_id, number, contact_ids)
  select p_task_id, (number - 1) / p_batch_size, array_agg(id order by number)
    from (select id, row_number() over (order by id) as number from app_hidden.recipients(v_task)) as recipient
   group by (number - 1) / p_batch_size;
  update app_public.tasks set status = 'generating', generation_started_at = app_hidden.current_time() where id = p_task_id;
  v_shortfall := app_hidden.reserve_quota(v_task);
  if v_shortfall is not null then
    perform app_private.fail_generation(p_task_id, 'quota', v_shortfall);
    return 'failed';
  end if;
  return 'generating';
end;
$$;

revoke all on function app_private.start_generation(uuid, integer) from public;
grant execute on function app_private.start_generation(uuid, integer) to postilion_worker;
comment on function app_private.start_generation(uuid, integer) is
  'Takes the snapshot of a due Task''s recipients. Answers the Task''s state: generating when there are batches to render, now or since an earlier start; failed, with the code quota, when its workspace has too few mails left.';
