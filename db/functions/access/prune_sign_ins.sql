create or replace function app_private.prune_sign_ins(p_limit integer)
returns integer
language plpgsql
volatile
security definer
set search_path to pg_catalog, app_private, app_hidden, pg_temp
as $$
declare
  v_now timestamptz := app_hidden.current_time();
  v_count integer;
begin
  with sessions as (
    delete from app_private.sessions
     where id in (select id from app_private.sessions where expires_at <= v_now order by expires_at limit p_limit)
    returning 1
  ), attempts as (
    delete from app_private.sign_in_attempts
     where id in (select id from app_private.sign_in_attempts where at <= v_now - app_hidden.sign_in_window() order by at limit p_limit)
    returning 1
  ), resets as (
    delete from app_private.password_resets where expires_at <= v_now
    returning 1
  ), codes as (
    delete from app_private.sign_in_codes
     where code_hash in (select code_hash from app_private.sign_in_codes where expires_at <= v_now order by expires_at limit p_limit)
    returning 1
  )
  select (select count(*) from sessions) + (select count(*) from attempts) + (select count(*) from resets) + (select count(*) from codes) into v_count;
  return v_count;
end;
$$;

revoke all on function app_private.prune_sign_ins(integer) from public;
grant execute on function app_private.prune_sign_ins(integer) to postilion_worker;
comment on function app_private.prune_sign_ins(integer) is
  'Deletes what is over of sessions, attempts to sign in, sign-in codes and resets of passwords, at most so many of each. Answers how many.';
