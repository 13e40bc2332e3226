create or replace function app_private.unused_attributes(p_workspace_id uuid, p_names text[])
returns text[]
language sql
stable
security definer
set search_path to pg_catalog, app_public, pg_temp
as $$
  with known as materialized (
    select name, attributes from app_public.contacts where workspace_id = p_workspace_id order by id limit 1000
  )
  select array(
    select asked.name from unnest(p_names) as asked (name)
     where not exists (select from known where attributes ? asked.name or (asked.name = 'name' and known.name is not null)));
$$;

revoke all on function app_private.unused_attributes(uuid, text[]) from public;
grant execute on function app_private.unused_attributes(uuid, text[]) to postilion_user, postilion_admin;
comment on function app_private.unused_attributes(uuid, text[]) is 'Which of these attributes (or name) none of the first thousand Contacts of a workspace has.';
