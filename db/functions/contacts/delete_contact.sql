create or replace function app_public.delete_contact(p_contact_id uuid)
returns app_public.contacts
language plpgsql
volatile
security definer
set search_path to pg_catalog, app_public, app_hidden, pg_temp
as $$
declare
  v_contact app_public.contacts;
begin
  perform app_hidden.demand_of(
    'editor',
    (select workspace_id from app_public.contacts where id = p_contact_id),
    format('contactId: there is no contact %s', p_contact_id));
  delete from app_public.contacts where id = p_contact_id returning * into v_contact;
  if not found then
    raise exception 'contactId: there is no contact %', p_contact_id using errcode = 'NTFND';
  end if;
  return v_contact;
end;
$$;

revoke all on function app_public.delete_contact(uuid) from public;
grant execute on function app_public.delete_contact(uuid) to postilion_user, postilion_admin;
comment on function app_public.delete_contact(uuid) is 'Deletes a Contact. Mails sent to it stay, with their address. Raises NTFND.';
