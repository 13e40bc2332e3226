-- Moves what statements appended into one row a Task, and tells subscribers, in one transaction: so a Task is announced at most as often as
-- this runs (each second), and only when its numbers changed. One folds at a time; the others have nothing to wait for.
-- Changes of a Task that was deleted meanwhile are dropped with it. It waits for the disk: what subscribers were told must not be undone by a crash of
-- the server, or a number they know would come again for something else.
create or replace function app_private.fold_counters()
returns integer
language plpgsql
volatile
security definer
set search_path to pg_catalog, app_public, app_hidden, pg_temp
as $$
declare
  v_ids bigint[];
  v_task_ids uuid[];
  v_ended app_hidden.task_counter_changes[];
begin
  if not pg_try_advisory_xact_lock(hashtextextended('postilion.fold_counters', 0)) then
    return 0;
  end if;
  v_ids := array(select id from app_hidden.task_counter_changes order by id limit 50000);
  with folded as (
    insert into app_hidden.task_counters as known
      (task_id, pending, allocated, sending, sent, delivered, opened, clicked, bounced, failed, cancelled, uncertain,
     ever_sent, ever_delivered, ever_opened, ever_clicked, ever_bounced, ever_unsubscribed, ever_complained, ever_human_opened, ever_human_clicked)
    select task_id, sum(pending), sum(allocated), sum(sending), sum(sent), sum(delivered), sum(opened), sum(clicked), sum(bounced), sum(failed), sum(cancelled), sum(uncertain), sum(ever_sent), sum(ever_delivered), sum(ever_opened), sum(ever_clicked), sum(ever_bounced), sum(ever_unsubscribed), sum(ever_complained), sum(ever_human_opened), sum(ever_human_clicked)
      from app_hidden.task_counter_deltas d
     where d.id = any (v_ids) and exists (select from app_public.tasks t where t.id = d.task_id)
     group by task_id
     order by task_id
    on conflict (task_id) do update
     set pending = known.pending + excluded.pending,
         allocated = known.allocated + excluded.allocated,
         sending = known.sending + excluded.sending,
         sent = known.sent + excluded.sent,
         delivered = known.delivered + excluded.delivered,
         opened = known.opened + excluded.opened,
         clicked = known.clicked + excluded.clicked,
         bounced = known.bounced + excluded.bounced,
         failed = known.failed + excluded.failed,
         cancelled = known.cancelled + excluded.cancelled,
         uncertain = known.uncertain + excluded.uncertain,
         ever_sent = known.ever_sent + excluded.ever_sent,
         ever_delivered = known.ever_delivered + excluded.ever_delivered,
         ever_opened = known.ever_opened + excluded.ever_opened,
         ever_clicked = known.ever_clicked + excluded.ever_clicked,
         ever_bounced = known.ever_bounced + excluded.ever_bounced,
         ever_unsubscribed = known.ever_unsubscribed + excluded.ever_unsubscribed,
         ever_complained = known.ever_complained + excluded.ever_complained,
         ever_human_opened = known.ever_human_opened + excluded.ever_human_opened,
         ever_human_clicked = known.ever_human_clicked + excluded.ever_human_clicked
    returning task_id
  )
  select array_agg(task_id order by task_id) into v_task_ids from folded;
  perform app_hidden.fold_service_counters(v_ids);
  perform app_hidden.fold_minute_counters(v_ids);
  with gone as (
    delete from app_hidden.task_counter_changes as line where id = any (v_ids) returning line
  )
  select array_agg(line) filter (where (line).from_status = 'sending' and (line).to_status <> 'sending') into v_ended from gone;
  perform app_hidden.note_hand_overs(v_ended);
  perform app_hidden.count_task_folds(v_task_ids);
  perform app_hidden.announce_task(task_id) from unnest(v_task_ids) as task_id;
  return coalesce(cardinality(v_task_ids), 0);
end;
$$;

revoke all on function app_private.fold_counters() from public;
grant execute on function app_private.fold_counters() to postilion_worker;
comment on function app_private.fold_counters() is 'Folds appended counter changes, announces the Tasks they concern, and answers how many those are.';
