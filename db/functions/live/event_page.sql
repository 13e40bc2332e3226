-- Forwards from a number, or the latest after it. A batch goes whole or not at all, and at least one does. Whoever asks for the latest, or for
-- more than is kept, is told that something is left out.
create or replace function app_public.event_page(p_workspace_id uuid, p_task_id uuid default null, p_after integer default null, p_latest boolean default false)
returns app_public.event_page
language plpgsql
stable
security definer
set search_path to pg_catalog, app_public, app_hidden, pg_temp
as $$
declare
  v_most constant integer := 100;
  v_end integer;
  v_oldest integer;
  v_page app_public.event_page;
  v_is_cut boolean;
begin
  perform app_hidden.demand('viewer', p_workspace_id);
  if (select true from app_public.workspaces where id = p_workspace_id) is null then
    raise exception 'workspaceId: there is no workspace %', p_workspace_id using errcode = 'NTFND';
  end if;
  if p_task_id is not null and (select true from app_public.tasks where id = p_task_id and workspace_id = p_workspace_id) is null then
    raise exception 'taskId: there is no task %', p_task_id using errcode = 'NTFND';
  end if;
  v_end := coalesce((select position from app_hidden.event_positions where workspace_id = p_workspace_id), 0);
  v_oldest := coalesce((select min(position) from app_hidden.event_batches where workspace_id = p_workspace_id), v_end + 1);
  with placed as (
    select b.position, b.event_count, b.event_ids, b.received_at,
           sum(cardinality(b.event_ids)) over (order by case when p_latest then -b.position else b.position end) - cardinality(b.event_ids) as before
      from app_hidden.event_batches b
     where b.workspace_id = p_workspace_id and b.position > coalesce(p_after, 0) and (p_task_id is null or b.task_id = p_task_id)
  ), events as (
    select p.position, e.id, e.received_at from placed p cross join lateral unnest(p.event_ids, p.received_at) as e (id, received_at) where p.before < v_most
  )
  select coalesce(p_after, case when p_latest then coalesce((select min(position) from events) - 1, v_end) else v_oldest - 1 end),
         case when p_latest then v_end else coalesce((select max(position) from placed where before < v_most and exists (select from placed where before >= v_most)), v_end) end,
         true,
         coalesce((select array_agg(id order by position, id) from events), '{}'),
         coalesce((select array_agg(received_at order by position, id) from events), '{}')
    into v_page;
  v_is_cut := exists (
    select from app_hidden.event_batches b
     where b.workspace_id = p_workspace_id and b.position > v_page.since and b.position <= v_page.sequence and (p_task_id is null or b.task_id = p_task_id)
     having sum(b.event_count) > cardinality(v_page.event_ids));
  v_page.is_complete := v_page.since between v_oldest - 1 and v_page.sequence and not v_is_cut;
  return v_page;
end;
$$;

revoke all on function app_public.event_page(uuid, uuid, integer, boolean) from public;
grant execute on function app_public.event_page(uuid, uuid, integer, boolean) to postilion_admin, postilion_user;
comment on function app_public.event_page(uuid, uuid, integer, boolean) is
  'Some hundred events of a workspace, or of one of its Tasks, applied after a number: the next ones, or the latest. Raises NTFND.';
