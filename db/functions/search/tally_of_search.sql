create or replace function app_hidden.tally_of_search(p_search app_hidden.sub_task_search, out total bigint, out matching bigint, out way text)
language plpgsql
stable
set search_path to pg_catalog, app_public, app_hidden, pg_temp
as $$
declare
  v app_hidden.sub_task_search := p_search;
begin
  select coalesce(sum(s.mails), 0), coalesce(sum(s.mails) filter (where v.statuses is null or s.status = any (v.statuses)), 0) into total, matching
    from (
      select pending, allocated, sending, sent, delivered, opened, clicked, bounced, failed, cancelled, uncertain
        from app_hidden.task_counters where task_id = v.task_id
      union all
      select pending, allocated, sending, sent, delivered, opened, clicked, bounced, failed, cancelled, uncertain
        from app_hidden.task_counter_deltas where task_id = v.task_id
    ) as n
   cross join lateral (values
     ('pending'::app_public.sub_task_status, n.pending), ('allocated', n.allocated), ('sending', n.sending), ('sent', n.sent), ('delivered', n.delivered),
     ('opened', n.opened), ('clicked', n.clicked), ('bounced', n.bounced), ('failed', n.failed), ('cancelled', n.cancelled), ('uncertain', n.uncertain)
   ) as s (status, mails);
  if v.statuses is not null then
    select min(app_hidden.search_way(status)) into way
      from unnest(v.statuses) as status
    having count(app_hidden.search_way(status)) = count(*) and min(app_hidden.search_way(status)) = max(app_hidden.search_way(status));
  end if;
end;
$$;

revoke all on function app_hidden.tally_of_search(app_hidden.sub_task_search) from public;
comment on function app_hidden.tally_of_search(app_hidden.sub_task_search) is
  'How many mails a Task has, how many of them are in a state that is looked for, by its counters, and the one partial index that has these; null: there is none.';
