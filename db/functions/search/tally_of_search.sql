create or replace function app_hidden.tally_of_search(p_search app_hidden.sub_task_search, out total bigint, out matching bigint, out way text)
language sql
stable
set search_path to pg_catalog, app_public, app_hidden, pg_temp
as $$
  with states (status, mails) as (
    select s.status, s.mails
      from app_hidden.task_numbers n
     cross join lateral (values
       ('pending'::app_public.sub_task_status, n.pending), ('allocated', n.allocated), ('sending', n.sending), ('sent', n.sent), ('delivered', n.delivered),
       ('opened', n.opened), ('clicked', n.clicked), ('bounced', n.bounced), ('failed', n.failed), ('cancelled', n.cancelled), ('uncertain', n.uncertain)
     ) as s (status, mails)
     where n.task_id = (p_search).task_id
  )
  select coalesce(sum(mails), 0)::bigint,
         coalesce(sum(mails) filter (where (p_search).statuses is null or status = any ((p_search).statuses)), 0)::bigint,
         (select min(app_hidden.search_way(status)) from unnest((p_search).statuses) as status
          having count(app_hidden.search_way(status)) = count(*) and min(app_hidden.search_way(status)) = max(app_hidden.search_way(status)))
    from states;
$$;

revoke all on function app_hidden.tally_of_search(app_hidden.sub_task_search) from public;
comment on function app_hidden.tally_of_search(app_hidden.sub_task_search) is
  'How many mails a Task has, how many of them are in a state that is looked for, by its counters, and the one partial index that has these; null: there is none.';
