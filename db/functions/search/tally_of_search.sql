drop function if exists app_hidden.search_way(app_public.sub_task_status);

create or replace function app_hidden.tally_of_search(p_search app_hidden.sub_task_search, out total bigint, out matching bigint, out way text)
language plpgsql
stable
set search_path to pg_catalog, app_public, app_hidden, pg_temp
as $$
declare
  v_task_id uuid := p_search.task_id;
  v_wanted app_public.sub_task_status[] := coalesce(p_search.statuses, enum_range(null::app_public.sub_task_status));
begin
  select coalesce(sum(n.pending + n.allocated + n.sending + n.sent + n.delivered + n.opened + n.clicked + n.bounced + n.failed + n.cancelled + n.uncertain), 0),
         coalesce(sum(
           case when 'pending' = any (v_wanted) then n.pending else 0 end + case when 'allocated' = any (v_wanted) then n.allocated else 0 end
           + case when 'sending' = any (v_wanted) then n.sending else 0 end + case when 'sent' = any (v_wanted) then n.sent else 0 end
           + case when 'delivered' = any (v_wanted) then n.delivered else 0 end + case when 'opened' = any (v_wanted) then n.opened else 0 end
           + case when 'clicked' = any (v_wanted) then n.clicked else 0 end + case when 'bounced' = any (v_wanted) then n.bounced else 0 end
           + case when 'failed' = any (v_wanted) then n.failed else 0 end + case when 'cancelled' = any (v_wanted) then n.cancelled else 0 end
           + case when 'uncertain' = any (v_wanted) then n.uncertain else 0 end), 0)
    into total, matching
    from (
      select pending, allocated, sending, sent, delivered, opened, clicked, bounced, failed, cancelled, uncertain
        from app_hidden.task_counters where task_id = v_task_id
      union all
      select pending, allocated, sending, sent, delivered, opened, clicked, bounced, failed, cancelled, uncertain
        from app_hidden.task_counter_deltas where task_id = v_task_id
    ) as n;
  way := case
    when v_wanted <@ '{pending}' then 'waiting'
    when v_wanted <@ '{allocated,sending}' then 'under_way'
    when v_wanted <@ '{uncertain}' then 'in_doubt'
    when v_wanted <@ '{failed}' then 'failed'
    when v_wanted <@ '{clicked}' then 'clicked'
    when v_wanted <@ '{bounced}' then 'bounced'
    when v_wanted <@ '{cancelled}' then 'cancelled'
  end;
end;
$$;

revoke all on function app_hidden.tally_of_search(app_hidden.sub_task_search) from public;
comment on function app_hidden.tally_of_search(app_hidden.sub_task_search) is
  'How many mails a Task has, how many of them are in a state that is looked for, by its counters, and the one way on which all of these are met, by a partial index of theirs (see walk_sub_tasks); null: there is none.';
