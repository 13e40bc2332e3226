-- Always one row: the server then compares with a hash of nobody's, and who asks can not tell by the time which accounts there are.
create or replace function app_private.begin_sign_in(p_email text, p_address inet)
returns table (user_id uuid, password_hash text)
language plpgsql
volatile
security definer
rows 1
set search_path to pg_catalog, app_public, app_private, app_hidden, pg_temp
as $$
begin
  perform app_hidden.count_sign_in_attempt(app_hidden.account_key(p_email), app_hidden.network_of(p_address));
  return query
    select u.id, p.hash
      from (select) as always
      left join (app_public.users u join app_private.passwords p on p.user_id = u.id)
        on u.email = lower(btrim(p_email)) and not u.is_disabled;
end;
$$;

revoke all on function app_private.begin_sign_in(text, inet) from public;
grant execute on function app_private.begin_sign_in(text, inet) to postilion_authenticator;
comment on function app_private.begin_sign_in(text, inet) is
  'Counts an attempt to sign in and answers whose password it must be; nulls when there is no such account, it is disabled or has no password. Raises LIMIT.';
