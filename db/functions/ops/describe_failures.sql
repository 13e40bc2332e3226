create or replace function app_hidden.describe_failures(p_task_id uuid)
returns jsonb
language sql
stable
set search_path to pg_catalog, app_public, app_hidden, pg_temp
as $$
  select coalesce(jsonb_agg(jsonb_build_object('code', code, 'mails', mails) order by mails desc, code), '[]')
    from (
    select error_code as code, count(*) as mails
      from (select error_code from app_public.sub_tasks where task_id = p_task_id and phase = 'failed' order by task_id limit 100000) as failed
     group by error_code
     order by mails desc
     limit 10
  ) as codes;
$$;

revoke all on function app_hidden.describe_failures(uuid) from public;
comment on function app_hidden.describe_failures(uuid) is 'Why mails of a Task failed, the ten commonest codes among 100,000 of them.';
