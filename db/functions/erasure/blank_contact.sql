-- Not deleted yet: a mail that is rendered at this moment still refers to it, and is found by that.
create or replace function app_hidden.blank_contact(p_contact_id uuid)
returns void
language plpgsql
volatile
set search_path to pg_catalog, app_public, app_hidden, pg_temp
as $$
begin
  update app_public.contacts
     set email = id || '@erased.invalid', name = null, attributes = '{}', tags = '{}', timezone = null, status = 'unsubscribed'
   where id = p_contact_id;
  delete from app_hidden.task_listed_contacts where contact_id = p_contact_id;
end;
$$;

revoke all on function app_hidden.blank_contact(uuid) from public;
comment on function app_hidden.blank_contact(uuid) is 'Takes everything personal off a Contact; no Task is sent to it any more.';
