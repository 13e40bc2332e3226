-- A refresh token is good for one exchange. If it comes twice, two parties hold it and nobody can say which is the thief: the session ends,
-- for both, even where it was the owner whose answer was lost. The answer is a missing row and no error: an error would take back the end.
-- Of two exchanges at once the second waits for the row, finds another hash there, and then the first one among the spent.
create or replace function app_private.refresh_session(p_refresh_hash bytea, p_next_hash bytea)
returns setof app_private.session_claims
language plpgsql
volatile
security definer
rows 1
set search_path to pg_catalog, app_public, app_private, app_hidden, pg_temp
as $$
declare
  v_now timestamptz := app_hidden.current_time();
  v_session_id uuid;
begin
  update app_private.sessions s
     set refresh_hash = p_next_hash, refreshed_at = v_now, expires_at = v_now + app_hidden.session_life()
   where s.refresh_hash = p_refresh_hash and s.expires_at > v_now
     and exists (select from app_public.users u where u.id = s.user_id and not u.is_disabled)
  returning s.id into v_session_id;
  if found then
    insert into app_private.spent_refresh_hashes (hash, session_id) values (p_refresh_hash, v_session_id);
    return query select * from app_private.claims_of_session(v_session_id);
  else
    delete from app_private.sessions s using app_private.spent_refresh_hashes spent where spent.hash = p_refresh_hash and s.id = spent.session_id;
  end if;
end;
$$;

revoke all on function app_private.refresh_session(bytea, bytea) from public;
grant execute on function app_private.refresh_session(bytea, bytea) to postilion_authenticator;
comment on function app_private.refresh_session(bytea, bytea) is
  'Exchanges a session''s refresh token for the next one. No row when the token is not, or no longer, a session''s; one that was exchanged before ends its session.';
