-- One chunk of a bulk verb, in its own transaction: the Task (step 1), then the rows in id order (step 3), whose state is checked again under
-- the lock. No service is locked or woken here: whoever settles an uncertain row holds its service and waits for the row.
-- A Task that was completed between the verb and its job is open again, in the transaction that gives it waiting rows: nobody claims from a
-- completed one, they would wait for ever. That is why the Task is not locked for share: of two that hold it so, neither could change it.
create or replace function app_private.change_batch(p_task_id uuid, p_verb text, p_error_code text, p_limit integer, p_why text default null)
returns integer
language plpgsql
volatile
security definer
set search_path to pg_catalog, app_public, app_hidden, pg_temp
as $$
declare
  v_from app_public.sub_task_status := case p_verb when 'cancel' then 'pending' when 'retry_failed' then 'failed' when 'resend_uncertain' then 'uncertain' end;
  v_status app_public.task_status;
  v_ids uuid[];
  v_count integer;
begin
  select status into v_status from app_public.tasks where id = p_task_id for no key update;
  if (v_status = 'cancelled') <> (p_verb = 'cancel') then
    return 0;
  end if;
  v_ids := app_hidden.rows_to_change(p_task_id, p_verb, p_error_code, p_limit);
  perform from app_public.sub_tasks where id = any (v_ids) order by id for no key update;
  perform set_config('postilion.reason', p_verb, true);
  update app_public.sub_tasks
     set status = case when p_verb = 'cancel' then 'cancelled' else 'pending' end::app_public.sub_task_status,
         phase = case when p_verb = 'cancel' then 'over' else 'waiting' end::app_public.sub_task_phase,
         cancelled_at = case when p_verb = 'cancel' then app_hidden.current_time() end,
         failed_at = null, available_at = '-infinity', deferrals = 0, service_id = null, claim_token = null, claimed_by = null,
         scheduled_at = null, sender_email = 'pending', quota_day = null,
         error_code = case when p_verb = 'cancel' then 'cancelled' end, error_message = null
   where id = any (v_ids) and status = v_from;
  get diagnostics v_count = row_count;
  if v_count > 0 and v_status = 'completed' then
    update app_public.tasks set status = 'sending', completed_at = null where id = p_task_id;
  end if;
  if v_count > 0 and p_why is not null then
    perform app_hidden.record_repair('change_batch', p_task_id, p_why, v_count, jsonb_build_object('verb', p_verb));
  end if;
  return v_count;
end;
$$;

revoke all on function app_private.change_batch(uuid, text, text, integer, text) from public;
grant execute on function app_private.change_batch(uuid, text, text, integer, text) to postilion_worker;
comment on function app_private.change_batch(uuid, text, text, integer, text) is
  'Carries out up to p_limit rows of a bulk verb: cancel, retry_failed (of one error code, or of any but rendering) or resend_uncertain. Answers how many; 0: it is done. With a reason they are entered into app_hidden.repairs.';
