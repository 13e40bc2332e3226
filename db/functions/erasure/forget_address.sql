-- The hash beside it keeps the address suppressed.
create or replace function app_hidden.forget_address(p_workspace_id uuid, p_email text)
returns void
language sql
volatile
set search_path to pg_catalog, app_public, pg_temp
as $$
  update app_public.suppressions set email = null where workspace_id = p_workspace_id and email = p_email;
$$;

revoke all on function app_hidden.forget_address(uuid, text) from public;
comment on function app_hidden.forget_address(uuid, text) is 'Erases an address from the suppressions of a workspace; it stays suppressed.';
