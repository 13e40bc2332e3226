-- The hash is what the lookups go by once the address is erased, so erasing it leaves the hash alone. Who was erased and complains of an old mail
-- is suppressed by the hash alone.
create or replace function app_hidden.tg_suppressions__hash()
returns trigger
language plpgsql
volatile
security definer
set search_path to pg_catalog, app_hidden, pg_temp
as $$
begin
  if new.email like '%@erased.invalid' then
    new.email_hash := coalesce(app_hidden.erased_hash(new.email), sha256(convert_to(new.email, 'UTF8')));
    new.email := null;
  elsif new.email is not null then
    new.email_hash := sha256(convert_to(new.email, 'UTF8'));
  end if;
  return new;
end;
$$;

revoke all on function app_hidden.tg_suppressions__hash() from public;
comment on function app_hidden.tg_suppressions__hash() is 'Keeps the hash of a suppressed address beside it.';

create or replace trigger _100_hash before insert or update of email on app_public.suppressions
  for each row execute function app_hidden.tg_suppressions__hash();
