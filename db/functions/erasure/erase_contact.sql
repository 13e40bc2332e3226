-- What a client must not wait for is done at once: from here on nothing is sent to this person and no list shows it. What its mails left behind in
-- events and webhooks goes by a job, chunk by chunk; so do mails beyond the first thousand. Twice at once: the second waits for the first one's
-- row, and finds it.
-- Lock order: the erasure, sub_tasks in id order, suppressions, the Contact.
create or replace function app_public.erase_contact(p_contact_id uuid)
returns app_public.erasures
language plpgsql
volatile
security definer
set search_path to pg_catalog, app_public, app_hidden, pg_temp
as $$
declare
  v_contact app_public.contacts;
  v_erasure app_public.erasures;
begin
  perform app_hidden.demand_of(
    'editor',
    coalesce((select workspace_id from app_public.contacts where id = p_contact_id),
             (select workspace_id from app_public.erasures where contact_id = p_contact_id)),
    format('contactId: there is no contact %s', p_contact_id));
  select * into v_contact from app_public.contacts where id = p_contact_id;
  if found then
    insert into app_public.erasures (workspace_id, contact_id, email, email_hash, requested_at)
    values (v_contact.workspace_id, p_contact_id, v_contact.email, sha256(convert_to(v_contact.email, 'UTF8')), app_hidden.current_time())
    on conflict (contact_id) do nothing
    returning * into v_erasure;
  end if;
  if v_erasure.id is not null then
    perform app_hidden.erase_mails(v_erasure, 1000);
    perform app_hidden.forget_address(v_erasure.workspace_id, v_contact.email);
    perform app_hidden.blank_contact(p_contact_id);
    perform app_hidden.add_job('erase_contact', jsonb_build_object('erasureId', v_erasure.id), 'erase:' || v_erasure.id, clock_timestamp());
  end if;
  select * into v_erasure from app_public.erasures where contact_id = p_contact_id;
  if not found then
    raise exception 'contactId: there is no contact %', p_contact_id using errcode = 'NTFND';
  end if;
  return v_erasure;
end;
$$;

revoke all on function app_public.erase_contact(uuid) from public;
grant execute on function app_public.erase_contact(uuid) to postilion_user, postilion_admin;
comment on function app_public.erase_contact(uuid) is
  'Erases a person: the Contact, address, text and links of its mails, what was heard of them in words. What is still to be sent is cancelled. Totals stay as they are; a suppression stays in force, without its address. The rest goes within moments: see finishedAt. Asked again it answers the same erasure. Raises NTFND.';
