-- Bulk entry for clients. One statement, whatever the number; an address that is known keeps its Contact and takes the new values.
create or replace function app_public.add_contacts(p_workspace_id uuid, p_contacts jsonb)
returns integer
language plpgsql
volatile
security definer
set search_path to pg_catalog, app_public, app_hidden, pg_temp
as $$
declare
  v_fault text;
  v_count integer;
begin
  perform app_hidden.demand('editor', p_workspace_id);
  if jsonb_typeof(p_contacts) is distinct from 'array' or jsonb_array_length(p_contacts) > 10000 then
    raise exception 'contacts: expected a list of at most 10,000 objects' using errcode = 'BADIN';
  end if;
  select format('contacts[%s].email: %s is not an address', number - 1, coalesce(contact -> 'email', 'null'))
    into v_fault
    from jsonb_array_elements(p_contacts) with ordinality as given (contact, number)
   where app_hidden.is_address(contact ->> 'email') is not true
   limit 1;
  if v_fault is not null then
    raise exception '%', v_fault using errcode = 'BADIN';
  end if;

  insert into app_public.contacts as known (workspace_id, email, name, attributes, tags, timezone)
  select distinct on (lower(btrim(contact ->> 'email')))
         p_workspace_id, contact ->> 'email', contact ->> 'name',
         coalesce(contact -> 'attributes', '{}'),
         array(select jsonb_array_elements_text(coalesce(contact -> 'tags', '[]'))),
         contact ->> 'timezone'
    from jsonb_array_elements(p_contacts) with ordinality as given (contact, number)
   order by lower(btrim(contact ->> 'email')), number desc
  on conflict (workspace_id, email) do update
     set name = coalesce(excluded.name, known.name),
         attributes = known.attributes || excluded.attributes,
         tags = array(select distinct tag from unnest(known.tags || excluded.tags) as tag order by tag),
         timezone = coalesce(excluded.timezone, known.timezone);
  get diagnostics v_count = row_count;
  return v_count;
end;
$$;

revoke all on function app_public.add_contacts(uuid, jsonb) from public;
grant execute on function app_public.add_contacts(uuid, jsonb) to postilion_user, postilion_admin;
comment on function app_public.add_contacts(uuid, jsonb) is
  'Adds up to 10,000 Contacts, a list of objects with email, name, attributes, tags and timezone; a known address is updated. Answers how many were added or updated. Raises BADIN, naming the entry, for what is not an address.';
