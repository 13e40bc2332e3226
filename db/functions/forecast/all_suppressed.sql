create or replace function app_hidden.all_suppressed(p_task app_public.tasks)
returns boolean
language sql
stable
set search_path to pg_catalog, app_public, pg_temp
as $$
  select bool_and((select true from app_public.suppressions s where s.workspace_id = p_task.workspace_id and s.email_hash = sha256(convert_to(waiting.recipient_email, 'UTF8'))) is true)
    from (
      select m.recipient_email
        from (select id from app_public.sub_tasks where task_id = p_task.id and phase = 'waiting' order by lane, available_at, position limit 100) as st
        join app_public.sub_task_mails m on m.sub_task_id = st.id
    ) as waiting;
$$;

revoke all on function app_hidden.all_suppressed(app_public.tasks) from public;
comment on function app_hidden.all_suppressed(app_public.tasks) is 'Whether the addresses of the first 100 waiting rows of a Task are all suppressed.';
