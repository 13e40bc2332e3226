-- Numbers are given here, to what is committed, by one hand at a time: a number never appears behind a higher one. Batches of Tasks that are
-- gone go with them.
create or replace function app_hidden.announce_events()
returns integer
language plpgsql
volatile
set search_path to pg_catalog, app_public, app_hidden, pg_temp
as $$
declare
  v_ids bigint[] := array(select id from app_hidden.event_batches where position is null order by id limit 10000);
  v_count integer;
begin
  if cardinality(v_ids) = 0 then
    return 0;
  end if;
  with counted as (
    select b.id, t.workspace_id, row_number() over (partition by t.workspace_id order by b.id) as place
      from app_hidden.event_batches b join app_public.tasks t on t.id = b.task_id
     where b.id = any (v_ids)
  ), ends as (
    insert into app_hidden.event_positions as known (workspace_id, position)
    select workspace_id, max(place) from counted group by workspace_id order by workspace_id
    on conflict (workspace_id) do update set position = known.position + excluded.position
    returning workspace_id, position
  ), numbered as (
    update app_hidden.event_batches b
       set workspace_id = c.workspace_id, position = e.position - (select max(place) from counted every where every.workspace_id = c.workspace_id) + c.place
      from counted c join ends e on e.workspace_id = c.workspace_id
     where b.id = c.id
  ), pruned as (
    delete from app_hidden.event_batches old using ends e where old.workspace_id = e.workspace_id and old.position <= e.position - 1000
  )
  select count(pg_notify('events:' || workspace_id, '')) into v_count from ends;
  delete from app_hidden.event_batches where id = any (v_ids) and position is null;
  return v_count;
end;
$$;

revoke all on function app_hidden.announce_events() from public;
comment on function app_hidden.announce_events() is
  'Numbers the batches of events that were applied, tells subscribers of their workspaces, and answers how many workspaces those are.';
