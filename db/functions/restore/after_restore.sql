-- The workers of the backup's time are dead, whatever their rows say: what they had begun is uncertain. Then Task by Task, in id order; no
-- worker can claim meanwhile: where there is one it has stopped all sending (stay_home), and a Task is locked before it is held.
-- Called without a moment, nothing can have been sent since: workers were stopped before the copy was made.
create or replace function app_hidden.after_restore(p_since timestamptz)
returns table (task_id uuid, name text, status_before app_public.task_status, status_now app_public.task_status)
language plpgsql
volatile
set search_path to pg_catalog, app_public, app_hidden, app_private, pg_temp
as $$
declare
  v_pool text;
  v_held integer := 0;
begin
  if p_since > app_hidden.current_time() then
    raise exception 'since: % is still to come', p_since using errcode = 'BADIN';
  end if;
  for v_pool in
    select id from app_hidden.worker_pools
    union
    select claimed_by from app_public.sub_tasks where phase = 'under_way' and claimed_by is not null
    order by 1
  loop
    perform app_private.release_pool(v_pool, true, 'its database is a copy');
  end loop;
  for task_id, name, status_before in
    select t.id, t.name, t.status from app_public.tasks t
     where t.status in ('generating', 'queued', 'sending', 'paused') or (t.status = 'scheduled' and t.scheduled_at <= app_hidden.current_time())
     order by t.id
  loop
    status_now := case when p_since is null then status_before else app_hidden.hold_task(task_id) end;
    v_held := v_held + (status_now <> status_before)::integer;
    return next;
  end loop;
  insert into app_hidden.home as h (mark, since) values (app_hidden.home_mark(), app_hidden.current_time())
    on conflict (is_only) do update set mark = excluded.mark, since = excluded.since;
  perform app_hidden.record_repair(
    'after_restore', null, 'this database is a copy of the one in which mails were sent', v_held, jsonb_build_object('since', p_since));
end;
$$;

revoke all on function app_hidden.after_restore(timestamptz) from public;
comment on function app_hidden.after_restore(timestamptz) is
  'Makes a copy the database in which workers send. Gives up the workers of the copy''s time (what they had begun is uncertain), and holds every Task that may have sent since that moment; null: none can have. Answers the Tasks that are not done. Sending that was stopped stays so.';
