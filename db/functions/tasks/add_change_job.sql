create or replace function app_hidden.add_change_job(p_task_id uuid, p_verb text, p_error_code text)
returns void
language sql
volatile
set search_path to pg_catalog, app_hidden, pg_temp
as $$
  select app_hidden.add_job(
    'change_sub_tasks', jsonb_build_object('taskId', p_task_id, 'verb', p_verb, 'errorCode', p_error_code),
    concat_ws(':', 'change', p_verb, p_task_id, p_error_code), clock_timestamp());
$$;

revoke all on function app_hidden.add_change_job(uuid, text, text) from public;
comment on function app_hidden.add_change_job(uuid, text, text) is 'Has a bulk verb carried out in chunks.';
