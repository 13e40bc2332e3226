-- Set-based, and free of order: times are minima, the state follows from them, what depends on several events is computed anew from the rows,
-- and what counted before is left out by its key. It commits lazily: what a crash of the server undoes is still in the inbox.
-- Lock order: keys, then sub_tasks in id order, then suppressions, contacts, counters (appended by the trigger). Rows that are with a worker keep
-- their state: the times wait on the row, and whoever settles the hand-over follows them. An event that names nothing but the provider's message
-- id may come before we know that id: it keeps its key and waits.
create or replace function app_private.apply_events(p_events jsonb, p_soft_bounce_limit integer)
returns bigint[]
language plpgsql
volatile
security definer
set search_path to pg_catalog, app_public, app_hidden, pg_temp
as $$
declare
  v_events app_hidden.resolved_event[] := app_hidden.resolve_events(p_events);
  v_fresh app_hidden.resolved_event[];
  v_to_look_at uuid[];
begin
  perform app_hidden.commit_lazily();
  v_fresh := app_hidden.keep_events(v_events);
  if cardinality(v_fresh) > 0 then
    perform app_hidden.lock_for_events(v_fresh);
    v_to_look_at := app_hidden.apply_to_sub_tasks(v_fresh);
    perform app_hidden.judge_clicks(v_fresh);
    perform app_hidden.apply_to_contacts(v_fresh, v_to_look_at, p_soft_bounce_limit);
  end if;
  return array(select distinct e.event_log_id from unnest(v_events) as e where e.waits);
end;
$$;

revoke all on function app_private.apply_events(jsonb, integer) from public;
grant execute on function app_private.apply_events(jsonb, integer) to postilion_worker;
comment on function app_private.apply_events(jsonb, integer) is
  'Applies parsed events to SubTasks, Contacts and suppressions; an event whose key counted before changes nothing. Answers the event_logs that hold an event known only by a message id that no SubTask has yet: the webhook overtook its hand-over, apply them again.';
