create or replace function app_hidden.handed_over_by(p_sub_task_id uuid, p_service_ids uuid[])
returns boolean
language sql
stable
set search_path to pg_catalog, app_hidden, pg_temp
as $$
  select exists (
    select from app_hidden.sub_task_changes c
     where c.sub_task_id = p_sub_task_id and c.to_status = 'sending' and c.service_id = any (p_service_ids));
$$;

revoke all on function app_hidden.handed_over_by(uuid, uuid[]) from public;
comment on function app_hidden.handed_over_by(uuid, uuid[]) is
  'Whether the ledger shows that one of these services began to hand a mail over, whoever has it now.';
