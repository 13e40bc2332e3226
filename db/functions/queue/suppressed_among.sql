-- By the address, which costs nothing beside the rest; by its hash only where an address was erased: 200 mails took 0.6 ms, 0.8 if each is hashed.
create or replace function app_hidden.suppressed_among(p_workspace_id uuid, p_ids uuid[])
returns uuid[]
language plpgsql
stable
set search_path to pg_catalog, app_public, app_hidden, pg_temp
set enable_nestloop to on
as $$
declare
  v_ids uuid[];
  v_are_hashed boolean;
  v_are_erased boolean;
begin
  select array(
           select m.sub_task_id
             from app_public.sub_task_mails m
             join app_public.suppressions s on s.workspace_id = p_workspace_id and s.email = m.recipient_email
            where m.sub_task_id = any (p_ids)),
         exists (select from app_public.suppressions s where s.workspace_id = p_workspace_id and s.email is null),
         exists (select from app_public.erasures e where e.workspace_id = p_workspace_id)
    into v_ids, v_are_hashed, v_are_erased;
  if v_are_hashed then
    v_ids := v_ids || array(
      select m.sub_task_id
        from app_public.sub_task_mails m
        join app_public.suppressions s
          on s.workspace_id = p_workspace_id and s.email_hash = sha256(convert_to(m.recipient_email, 'UTF8')) and s.email is null
       where m.sub_task_id = any (p_ids));
  end if;
  -- An erased mail has nobody to go to, whatever put it back into the queue.
  if v_are_erased then
    v_ids := v_ids || array(select m.sub_task_id from app_hidden.erased_mails m where m.sub_task_id = any (p_ids));
  end if;
  return v_ids;
end;
$$;

revoke all on function app_hidden.suppressed_among(uuid, uuid[]) from public;
comment on function app_hidden.suppressed_among(uuid, uuid[]) is 'Those SubTasks whose address a workspace has suppressed, or that were erased.';
