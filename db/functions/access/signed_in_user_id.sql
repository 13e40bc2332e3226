-- Policies call it as the member, who does not reach app_hidden: it must not call anything there.
create or replace function app_hidden.signed_in_user_id()
returns uuid
language sql
stable
parallel safe
set search_path to pg_catalog, pg_temp
as $$
  select nullif(current_setting('postilion.user_id', true), '')::uuid where coalesce(current_setting('postilion.token_role', true), '') = '';
$$;

revoke all on function app_hidden.signed_in_user_id() from public;
grant execute on function app_hidden.signed_in_user_id() to postilion_user;
comment on function app_hidden.signed_in_user_id() is 'Who asks in a session of their own; null: an API token does.';
