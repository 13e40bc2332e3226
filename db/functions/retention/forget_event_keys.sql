-- A key goes once no body is left that could bring its event again. A month may outlive its time: its drop failed, or something in it waits. A body
-- comes before the keys of its events, so what was first seen before the oldest body is in none.
create or replace function app_private.forget_event_keys(p_months integer, p_limit integer)
returns integer
language plpgsql
volatile
security definer
set search_path to pg_catalog, app_public, app_hidden, pg_temp
as $$
declare
  v_before timestamptz := least(
    app_hidden.current_time() - make_interval(months => p_months), (select min(received_at) from app_public.event_logs));
  v_count integer;
begin
  perform app_hidden.commit_lazily();
  delete from app_hidden.event_keys
   where ctid = any (array(select ctid from app_hidden.event_keys where seen_at < v_before limit p_limit for update skip locked));
  get diagnostics v_count = row_count;
  return v_count;
end;
$$;

revoke all on function app_private.forget_event_keys(integer, integer) from public;
grant execute on function app_private.forget_event_keys(integer, integer) to postilion_worker;
comment on function app_private.forget_event_keys(integer, integer) is
  'Deletes up to p_limit keys of events first seen more than p_months months ago and before the oldest body that is kept. Answers how many; fewer than p_limit: it is done.';
