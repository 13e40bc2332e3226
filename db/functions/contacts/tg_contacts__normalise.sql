-- Addresses are compared as text everywhere (unique keys, suppression, webhooks). citext would need its operators on every pinned
-- search_path, and falls back to comparing case in silence where one forgets them; a normal form on the way in can't be forgotten.
create or replace function app_hidden.tg_contacts__normalise()
returns trigger
language plpgsql
volatile
set search_path to pg_catalog, pg_temp
as $$
begin
  new.email := lower(btrim(new.email collate "default"));
  return new;
end;
$$;

revoke all on function app_hidden.tg_contacts__normalise() from public;
comment on function app_hidden.tg_contacts__normalise() is 'Keeps addresses in lower case, without blanks around them.';

create or replace trigger _100_normalise before insert or update of email on app_public.contacts
  for each row when (new.email <> lower(btrim(new.email collate "default"))) execute function app_hidden.tg_contacts__normalise();
