-- One statement a verb, each with its state written out, so that each can use the partial index on that state.
create or replace function app_hidden.rows_to_change(p_task_id uuid, p_verb text, p_error_code text, p_limit integer)
returns uuid[]
language plpgsql
stable
set search_path to pg_catalog, app_public, pg_temp
as $$
begin
  return case p_verb
    when 'cancel' then array(
      select id from app_public.sub_tasks where task_id = p_task_id and phase = 'waiting' order by lane, available_at, position limit p_limit)
    when 'resend_uncertain' then array(
      select id from app_public.sub_tasks where task_id = p_task_id and phase = 'in_doubt' order by task_id limit p_limit)
    when 'retry_failed' then array(
      select id from app_public.sub_tasks
       where task_id = p_task_id and phase = 'failed' and error_code <> 'rendering' and error_code = coalesce(p_error_code, error_code)
       order by error_code limit p_limit)
    else '{}'
  end;
end;
$$;

revoke all on function app_hidden.rows_to_change(uuid, text, text, integer) from public;
comment on function app_hidden.rows_to_change(uuid, text, text, integer) is 'Up to p_limit SubTasks that a bulk verb is about, not locked.';
