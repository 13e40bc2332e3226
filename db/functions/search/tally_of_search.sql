create or replace function app_hidden.tally_of_search(p_search app_hidden.sub_task_search, out total bigint, out matching bigint, out way text)
language plpgsql
stable
set search_path to pg_catalog, app_public, app_hidden, pg_temp
as $$
declare
  v_task_id uuid := p_search.task_id;
  v_wanted app_public.sub_task_status[] := coalesce(p_search.statuses, enum_range(null::app_public.sub_task_status));
  v_status app_public.sub_task_status;
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
  way := app_hidden.search_way(v_wanted[1]);
  foreach v_status in array v_wanted loop
    if app_hidden.search_way(v_status) is distinct from way then
      way := null;
      exit;
    end if;
  end loop;
end;
$$;

revoke all on function app_hidden.tally_of_search(app_hidden.sub_task_search) from public;
comment on function app_hidden.tally_of_search(app_hidden.sub_task_search) is
  'How many mails a Task has, how many of them are in a state that is looked for, by its counters, and the one partial index that has these; null: there is none.';
