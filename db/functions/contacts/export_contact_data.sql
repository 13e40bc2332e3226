create or replace function app_public.export_contact_data(p_contact_id uuid)
returns jsonb
language plpgsql
stable
security definer
set search_path to pg_catalog, app_public, app_hidden, pg_temp
as $$
declare
  v_contact app_public.contacts;
begin
  select * into v_contact from app_public.contacts where id = p_contact_id;
  perform app_hidden.demand_of('editor', v_contact.workspace_id, format('contactId: there is no contact %s', p_contact_id));
  if v_contact.id is null then
    raise exception 'contactId: there is no contact %', p_contact_id using errcode = 'NTFND';
  end if;
  return jsonb_build_object(
    'exportedAt', app_hidden.current_time(),
    'contact', jsonb_build_object(
      'id', v_contact.id, 'email', v_contact.email, 'name', v_contact.name, 'attributes', v_contact.attributes, 'tags', v_contact.tags,
      'status', v_contact.status, 'timezone', v_contact.timezone, 'createdAt', v_contact.created_at, 'updatedAt', v_contact.updated_at),
    'suppressions', (
      select coalesce(jsonb_agg(jsonb_build_object('email', v_contact.email, 'reason', s.reason, 'createdAt', s.created_at)), '[]')
        from app_public.suppressions s
       where s.workspace_id = v_contact.workspace_id and s.email_hash = sha256(convert_to(v_contact.email, 'UTF8'))),
    'mails', (
      select coalesce(jsonb_agg(app_hidden.mail_as_told(m.sub_task_id) order by m.sub_task_id), '[]')
        from app_public.sub_task_mails m
        join app_public.tasks t on t.id = m.task_id
       where t.workspace_id = v_contact.workspace_id and (m.contact_id = v_contact.id or m.recipient_email = v_contact.email)));
end;
$$;

revoke all on function app_public.export_contact_data(uuid) from public;
grant execute on function app_public.export_contact_data(uuid) to postilion_user, postilion_admin;
comment on function app_public.export_contact_data(uuid) is
  'All that is held on a person, as one document: the Contact, its suppression, its mails with their text while that is kept, and what was heard of them. Raises NTFND.';
