-- By the hash, which is there when the address is erased: a microsecond for each mail.
create or replace function app_hidden.suppressed_among(p_workspace_id uuid, p_ids uuid[])
returns uuid[]
language plpgsql
stable
set search_path to pg_catalog, app_public, pg_temp
set enable_nestloop to on
as $$
begin
  return array(
    select m.sub_task_id
      from app_public.sub_task_mails m
      join app_public.suppressions s on s.workspace_id = p_workspace_id and s.email_hash = sha256(convert_to(m.recipient_email, 'UTF8'))
     where m.sub_task_id = any (p_ids));
end;
$$;

revoke all on function app_hidden.suppressed_among(uuid, uuid[]) from public;
comment on function app_hidden.suppressed_among(uuid, uuid[]) is 'Those SubTasks whose address a workspace has suppressed.';
