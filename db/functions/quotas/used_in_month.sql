create or replace function app_hidden.used_in_month(p_workspace_id uuid, p_month date)
returns integer
language sql
stable
set search_path to pg_catalog, app_hidden, pg_temp
as $$
  select coalesce((select reserved from app_hidden.workspace_usage where workspace_id = p_workspace_id and month = p_month), 0);
$$;

revoke all on function app_hidden.used_in_month(uuid, date) from public;
comment on function app_hidden.used_in_month(uuid, date) is 'How many mails of a month''s quota a workspace has in use.';
