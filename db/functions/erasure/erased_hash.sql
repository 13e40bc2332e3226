create or replace function app_hidden.erased_hash(p_stand_in text)
returns bytea
language sql
stable
set search_path to pg_catalog, app_public, app_hidden, pg_temp
as $$
  select e.email_hash
    from app_hidden.erased_mails m join app_public.erasures e on e.id = m.erasure_id
   where p_stand_in ~ '^[0-9a-f-]{36}@' and m.sub_task_id = left(p_stand_in, 36)::uuid;
$$;

revoke all on function app_hidden.erased_hash(text) from public;
comment on function app_hidden.erased_hash(text) is 'The hash of the address that stood where an erased mail has this one; null: it is of no erased mail.';
