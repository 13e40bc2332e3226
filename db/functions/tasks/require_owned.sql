create or replace function app_hidden.require_owned(p_workspace_id uuid, p_sender_id uuid, p_template_ids uuid[], p_contact_ids uuid[])
returns void
language plpgsql
stable
set search_path to pg_catalog, app_public, pg_temp
as $$
declare
  v_stranger uuid;
begin
  if not exists (select from app_public.senders s where s.id = p_sender_id and s.workspace_id = p_workspace_id) then
    raise exception 'senderId: this workspace has no sender %', p_sender_id using errcode = 'BADIN';
  end if;
  select t into v_stranger from unnest(p_template_ids) as t
   where not exists (select from app_public.templates o where o.id = t and o.workspace_id = p_workspace_id) limit 1;
  if found then
    raise exception 'templateIds: this workspace has no template %', v_stranger using errcode = 'BADIN';
  end if;
  select c into v_stranger from unnest(p_contact_ids) as c
   where not exists (select from app_public.contacts o where o.id = c and o.workspace_id = p_workspace_id) limit 1;
  if found then
    raise exception 'contactIds: this workspace has no contact %', v_stranger using errcode = 'BADIN';
  end if;
end;
$$;

revoke all on function app_hidden.require_owned(uuid, uuid, uuid[], uuid[]) from public;
comment on function app_hidden.require_owned(uuid, uuid, uuid[], uuid[]) is
  'Raises BADIN, naming the field, when a sender, template or contact is not of the workspace.';
