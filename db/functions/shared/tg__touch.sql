create or replace function app_hidden.tg__touch()
returns trigger
language plpgsql
volatile
set search_path to pg_catalog, pg_temp
as $$
begin
  new.updated_at := clock_timestamp();
  return new;
end;
$$;

revoke all on function app_hidden.tg__touch() from public;
comment on function app_hidden.tg__touch() is 'Keeps updated_at.';

create or replace trigger _500_touch before update on app_public.contacts for each row execute function app_hidden.tg__touch();
create or replace trigger _500_touch before update on app_public.templates for each row execute function app_hidden.tg__touch();
create or replace trigger _500_touch before update on app_public.senders for each row execute function app_hidden.tg__touch();
create or replace trigger _500_touch before update on app_public.tasks for each row execute function app_hidden.tg__touch();
create or replace trigger _500_touch before update on app_public.alert_rules for each row execute function app_hidden.tg__touch();
