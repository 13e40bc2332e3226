-- Found by their bodies: what else those hold of the mail was judged before, and alike.
create or replace function app_hidden.clicks_beyond(p_ids uuid[], p_since timestamptz, p_events app_hidden.resolved_event[])
returns setof app_hidden.judged_click
language plpgsql
stable
set search_path to pg_catalog, app_public, app_hidden, pg_temp
as $$
declare
  v_stormed uuid[] := array(select st.id from app_public.sub_tasks st where st.id = any (p_ids) and st.click_count > 1000);
begin
  if cardinality(v_stormed) = 0 then
    return;
  end if;
  return query
  with weighed as materialized (
    select c.sub_task_id, max(c.id) as last_id from app_hidden.first_clicks(v_stormed, p_since) as c group by c.sub_task_id
  ), logs as materialized (
    select distinct g.event_log_id, g.received_at from unnest(p_events) as g where g.kind = 'click' and g.sub_task_id = any (v_stormed)
  )
  select e.id, e.received_at, e.sub_task_id, e.occurred_at, e.machine, coalesce(e.flagged, true)
    from logs l
    join app_public.mail_events e on e.event_log_id = l.event_log_id and e.received_at = l.received_at
    join weighed w on w.sub_task_id = e.sub_task_id
   where e.kind = 'click' and e.id > w.last_id;
end;
$$;

revoke all on function app_hidden.clicks_beyond(uuid[], timestamptz, app_hidden.resolved_event[]) from public;
comment on function app_hidden.clicks_beyond(uuid[], timestamptz, app_hidden.resolved_event[]) is
  'Those clicks of the bodies of these events that are not among the first thousand of their mail: a robot''s, unless their source said otherwise.';
