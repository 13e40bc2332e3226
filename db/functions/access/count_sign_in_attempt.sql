-- Attempts of one account, and of one network, are counted one after the other: a hundred at once would otherwise see none of each other.
-- Accounts are locked before networks, by keys of two spaces, so nobody waits in a circle.
-- A refused attempt is not counted: who keeps trying is let in again when the window has passed.
create or replace function app_hidden.count_sign_in_attempt(p_account bytea, p_network cidr)
returns void
language plpgsql
volatile
set search_path to pg_catalog, app_private, app_hidden, pg_temp
as $$
declare
  v_since timestamptz;
begin
  perform pg_advisory_xact_lock(1, hashtext(encode(p_account, 'hex')));
  perform pg_advisory_xact_lock(2, hashtext(p_network::text)) where p_network is not null;
  v_since := app_hidden.current_time() - app_hidden.sign_in_window();
  if (select count(*) from app_private.sign_in_attempts where account = p_account and at > v_since) >= 10
    or (select count(*) from app_private.sign_in_attempts where network = p_network and at > v_since) >= 50 then
    raise exception 'too many attempts to sign in; wait for 15 minutes' using errcode = 'LIMIT';
  end if;
  insert into app_private.sign_in_attempts (at, account, network) values (app_hidden.current_time(), p_account, p_network);
end;
$$;

revoke all on function app_hidden.count_sign_in_attempt(bytea, cidr) from public;
comment on function app_hidden.count_sign_in_attempt(bytea, cidr) is
  'Counts an attempt to sign in. Raises LIMIT after 10 of an account, or 50 of a network, within 15 minutes.';
